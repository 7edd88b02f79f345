package io.jcorn.examples.springboot;

import static org.springframework.http.HttpStatus.BAD_REQUEST;
import static org.springframework.http.MediaType.TEXT_PLAIN_VALUE;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Answers requests. */
@RestController
@RequestMapping(produces = TEXT_PLAIN_VALUE)
class Answers {

    private static final int MOST_MILLIS = 60_000;

    private final String version;

    /** Called before the server listens. */
    Answers() throws IOException {
        version = Version.read();
    }

    @GetMapping("/hello")
    String hello() {
        return "Hello, World!\n";
    }

    @GetMapping("/version")
    String version() {
        return version;
    }

    @GetMapping("/pid")
    String pid() {
        return Long.toString(ProcessHandle.current().pid());
    }

    /** Answers late, holding its thread as an application that waits for a database does. */
    @GetMapping("/slow")
    String slow(@RequestParam("ms") int millis) throws InterruptedException {
        if (millis < 0 || millis > MOST_MILLIS) {
            throw new ResponseStatusException(BAD_REQUEST, "ms is not a number from 0 to " + MOST_MILLIS);
        }
        TimeUnit.MILLISECONDS.sleep(millis);
        return "done\n";
    }
}
