package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The training run works with real Javas, and what it makes is what master and workers run on. */
@Tag("alone")
class ClassDataIT {

    @RegisterExtension
    final Workplace place = new Workplace();

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void masterAndWorkersMapTheirArchives(int java) throws IOException {
        try (RunningJcorn jcorn =
                place.jcorn("--workers", "2", Workplace.hello()).masterOn(java).start()) {
            assertThat(mapped(jcorn.pid())).containsPattern("/lib/archive/" + java + "[^/]*/master\\.jsa\n");
            for (long worker : jcorn.workers().keySet()) {
                assertThat(mapped(worker)).containsPattern("/lib/archive/" + java + "[^/]*/worker\\.jsa\n");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = 25)
    void workersOnAnotherJavaGoWithout(int java) throws IOException {
        try (RunningJcorn jcorn = place.jcorn("--workers", "1", Workplace.hello())
                .masterOn(17)
                .workersOn(java)
                .start()) {
            assertThat(mapped(jcorn.anyWorker())).doesNotContain("/lib/archive/");
        }
    }

    /** Returns proc(5) maps: the files that a process has mapped. */
    private static String mapped(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/maps"));
    }
}
