package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files of the packaged server, as curl sees them. */
class FilesIT {

    @RegisterExtension
    final Workplace place = new Workplace();

    private static String curl(RunningJcorn jcorn, String path, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("/usr/bin/curl", "-sS", "--path-as-is"));
        command.addAll(List.of(options));
        command.add("http://127.0.0.1:" + jcorn.port() + path);
        return Command.output(command);
    }

    @Test
    void curlFetchesFiles() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "there is no curl");
        Path site = Files.createDirectory(place.folder().resolve("site"));
        Files.writeString(site.resolve("a.txt"), "0123456789");
        Files.writeString(site.resolve("index.html"), "<p>home");
        byte[] bytes = new byte[10_000_000];
        new Random(14).nextBytes(bytes);
        Path large = Files.write(site.resolve("large.bin"), bytes);
        Path got = place.folder().resolve("got");
        try (RunningJcorn jcorn = place.jcorn(
                        "--static", "/=" + site, "--static-cache-control", "max-age=9", Workplace.hello())
                .start()) {
            assertThat(curl(jcorn, "/a.txt", "-r", "2-4")).isEqualTo("234");
            assertThat(curl(jcorn, "/a.txt", "-r", "-1")).isEqualTo("9");
            assertThat(curl(jcorn, "/")).isEqualTo("<p>home");
            assertThat(curl(jcorn, "/plaintext")).isEqualTo("Hello, World!\n");
            assertThat(curl(jcorn, "/../site/a.txt", "-o", "/dev/null", "-w", "%{http_code}"))
                    .isEqualTo("404");
            assertThat(curl(jcorn, "/a.txt", "-I"))
                    .contains("Content-Length: 10\r\n")
                    .containsIgnoringCase("Cache-Control: max-age=9\r\n");
            curl(jcorn, "/large.bin", "-o", got.toString());
            assertThat(Files.mismatch(large, got)).isEqualTo(-1);
            Files.write(got, Arrays.copyOf(bytes, 4_000_000));
            curl(jcorn, "/large.bin", "-C", "-", "-o", got.toString());
            assertThat(Files.mismatch(large, got)).as("after going on").isEqualTo(-1);

            Path tag = place.folder().resolve("tag");
            curl(jcorn, "/a.txt", "--etag-save", tag.toString());
            String[] again = {"--etag-compare", tag.toString(), "-w", "%{http_code}", "-o", "/dev/null"};
            assertThat(curl(jcorn, "/a.txt", again)).isEqualTo("304");
            Files.writeString(site.resolve("a.txt"), "changed");
            assertThat(curl(jcorn, "/a.txt", again)).isEqualTo("200");
        }
    }
}
