package io.jcorn.master.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.wire.FileOptions.Mount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may be said about files. */
@SuppressWarnings("NullAway.Init")
class FileTypesTest {

    private static final Path BASE = Path.of("/srv/app");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "/=site, /, /srv/app/site",
        "/assets=/var/www, /assets, /var/www",
        "/a/b.c/~d=x=y, /a/b.c/~d, /srv/app/x=y",
        "/.well-known=acme, /.well-known, /srv/app/acme"
    })
    void mounts(String text, String prefix, String place) {
        assertThat(FileTypes.mounts().read(List.of(text), BASE)).containsExactly(new Mount(prefix, Path.of(place)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "public          | is not a path and a folder",
                "/assets=        | is not a path and a folder",
                "=public         | is not a path and a folder",
                "assets=public   | has a path that does not begin with /",
                "/assets/=public | has a path that ends with /",
                "/a/../b=public  | has a path with something else than letters, digits and ._~- between slashes",
                "/.=public       | has a path with something else than letters, digits and ._~- between slashes",
                "/a//b=public    | has a path with something else than letters, digits and ._~- between slashes",
                "/a b=public     | has a path with something else than letters, digits and ._~- between slashes",
                "/%61=public     | has a path with something else than letters, digits and ._~- between slashes",
            })
    void mountsThatAreRefused(String text, String why) {
        assertThatThrownBy(() -> FileTypes.mounts().read(List.of(text), BASE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"" + text + "\" " + why + ". Allowed: PATH=FOLDER, with a path such as / or /assets");
    }

    @Test
    void headers() {
        assertThat(FileTypes.headerValue().read(List.of("public, max-age=1"), BASE))
                .isEqualTo("public, max-age=1");
        assertThatThrownBy(() -> FileTypes.headerValue().read(List.of("a\r\nSet-Cookie: x"), BASE))
                .hasMessageContaining("\"a??Set-Cookie: x\" holds a character that no header has");
    }

    @Test
    void foldersHaveToExistAndPathsHaveOne() throws Exception {
        Sources sources = new Sources(folder).flag(Settings.APPLICATION, "site");
        Path site = Files.createDirectory(folder.resolve("site"));
        Files.createFile(site.resolve("A.class"));
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(sources.flag(FileSettings.STATIC, "/=" + site, "/a=site").problems())
                .isEmpty();
        assertThat(sources.resolve().get(FileSettings.STATIC_CACHE_CONTROL)).isEqualTo(Optional.empty());
        assertThat(new Sources(folder)
                        .flag(Settings.APPLICATION, "site")
                        .flag(FileSettings.STATIC, "/a=site", "/a=" + file, "/b=sitte")
                        .problems())
                .containsExactly(
                        "--static: /a is named twice. One path has one folder",
                        "--static: /here/file is not a folder",
                        "--static: /here/sitte: there is no such folder; did you mean /here/site?");
    }
}
