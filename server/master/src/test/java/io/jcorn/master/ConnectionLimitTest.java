package io.jcorn.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionLimitTest {

    @ParameterizedTest
    @CsvSource({
        // Enough for all, and some for the application's own files.
        "10000, 1048576, 10000",
        "10000, 9223372036854775807, 10000",
        "10000, 11429, 10000",
        "10000, 11428, 10000",
        "10000, 11427, 9999",
        "10000, 4096, 3584",
        "10000, 1024, 896",
        "100, 1024, 100",
        "10000, 180, 116",
        "116, 180, 116",
        // A worker that serves nobody is none.
        "10000, 64, 1",
        "10000, 20, 1",
    })
    void someDescriptorsAreKept(int wanted, long descriptors, int connections) {
        ConnectionLimit limit = new ConnectionLimit(wanted, descriptors);
        assertThat(limit.connections()).isEqualTo(connections);
        assertThat(limit.warning().isPresent()).isEqualTo(connections < wanted);
    }

    @Test
    void theWarningSaysWhatCanBeDone() {
        assertThat(new ConnectionLimit(10_000, 1024).warning())
                .contains(
                        "worker-connections is 10000, but a process may have only 1024 open files: each worker holds 896"
                                + " connections at the most. Raise the limit (ulimit -n, LimitNOFILE=), or lower"
                                + " worker-connections");
    }

    @Test
    void theKernelTellsTheLimit(@TempDir Path folder) throws IOException {
        Path limits = folder.resolve("limits");
        Files.writeString(limits, """
                Limit                     Soft Limit           Hard Limit           Units
                Max processes             95942                95942                processes
                Max open files            1024                 524288               files
                """);
        assertThat(ConnectionLimit.descriptors(limits)).hasValue(1024);
        Files.writeString(limits, "Max open files            unlimited            unlimited            files\n");
        assertThat(ConnectionLimit.descriptors(limits)).isEmpty();
        assertThat(ConnectionLimit.descriptors(folder.resolve("nothing"))).isEmpty();
        assertThat(ConnectionLimit.descriptors(Path.of("/proc/self/limits"))).isPresent();
    }
}
