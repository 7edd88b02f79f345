package io.jcorn.examples.webflux;

import static org.springframework.http.HttpStatus.BAD_REQUEST;
import static org.springframework.http.MediaType.TEXT_PLAIN_VALUE;

import java.io.IOException;
import java.time.Duration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.Mono;

/** Answers requests, and never waits in one of the few threads that there are. */
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
    Mono<String> hello() {
        return Mono.just("Hello, World!\n");
    }

    @GetMapping("/version")
    Mono<String> version() {
        return Mono.just(version);
    }

    @GetMapping("/pid")
    Mono<String> pid() {
        return Mono.just(Long.toString(ProcessHandle.current().pid()));
    }

    /** Answers late; a timer holds the request meanwhile, not a thread. */
    @GetMapping("/slow")
    Mono<String> slow(@RequestParam("ms") int millis) {
        if (millis < 0 || millis > MOST_MILLIS) {
            return Mono.error(new ResponseStatusException(BAD_REQUEST, "ms is not a number from 0 to " + MOST_MILLIS));
        }
        return Mono.delay(Duration.ofMillis(millis)).thenReturn("done\n");
    }
}
