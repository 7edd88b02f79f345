package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.it.LoadClient.Style;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The access log is the same whatever the application is. */
class ServletAccessLogIT {

    private static final Pattern LINE = Pattern.compile(
            "127\\.0\\.0\\.1 - - \\[[^]]+] \"GET /[a-z]+ HTTP/1\\.1\" 200 [0-9]+ \"-\" \"-\" <([0-9]+)>");

    @RegisterExtension
    final Workplace place = new Workplace();

    @Test
    void everyResponseHasItsLineAlsoWhenTheFileIsRotatedUnderLoad() throws IOException {
        Path war = HostedExample.GUESTBOOK.copyTo(place.folder());
        Path file = place.folder().resolve("access.log");
        Path moved = place.folder().resolve("access.log.1");
        long answers;
        Set<Long> workers;
        try (RunningJcorn jcorn = place.jcorn(
                        "--access-logfile",
                        file.toString(),
                        "--access-logformat",
                        "%(h)s %(l)s %(u)s %(t)s \"%(r)s\" %(s)s %(b)s \"%(f)s\" \"%(a)s\" %(p)s",
                        war.toString())
                .leaving("guestbook\\..*")
                .start()) {
            workers = Set.copyOf(jcorn.workers().keySet());
            try (LoadClient load = LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 8, HostedExample.PID)) {
                load.awaitAnswersOf(workers).awaitAnswers(200);
                Files.move(file, moved);
                load.awaitAnswers(50);
                jcorn.signal("USR1");
                Await.until("the log is there again", () -> Files.exists(file));
                Await.until("lines of the worker", () -> writers(file).equals(workers));
                answers = load.stop().assertPerfect().ok();
            }
            jcorn.signal("TERM");
            jcorn.assertExit(0);
            assertThat(jcorn.log().toString()).doesNotContain("without effect");
        }
        List<String> lines = new ArrayList<>(Files.readAllLines(moved));
        lines.addAll(Files.readAllLines(file));
        assertThat(lines).hasSize((int) answers).allMatch(LINE.asMatchPredicate());
    }

    private static Set<Long> writers(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.map(LINE::matcher)
                    .filter(Matcher::matches)
                    .map(line -> Long.parseLong(line.group(1)))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
