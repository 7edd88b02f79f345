package io.jcorn.master.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.wire.ServletOptions.Sessions;
import io.jcorn.wire.WorkerKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The types of what is said about hosted applications. */
class HostedTypesTest {

    private static final Path BASE = Path.of("/srv/app");

    @Test
    void kindsOfWorker() {
        SettingType<Optional<WorkerKind>> type = HostedTypes.workerClass();

        assertThat(read(type, "auto")).isEmpty();
        assertThat(read(type, "Servlet")).contains(WorkerKind.SERVLET);
        assertThat(type.print(Optional.empty())).containsExactly("auto");
        assertThat(type.print(Optional.of(WorkerKind.MAIN))).containsExactly("main");
        refused(type, "servlets", "\"servlets\" is not known. Allowed: auto, handler, servlet or main");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync", "gthread", "gevent", "eventlet", "tornado", "uvicorn.workers.UvicornWorker"})
    void gunicornsKindsAreOfAnotherSort(String kind) {
        refused(
                HostedTypes.workerClass(),
                kind,
                "\"" + kind + "\" is one of gunicorn's kinds, which say how requests are handled; jcorn's say what the"
                        + " application is, and --threads says who handles the requests. Allowed: auto, handler,"
                        + " servlet or main");
    }

    @Test
    void portsOfTheApplication() {
        ScalarType<AppPort> type = HostedTypes.appPort();

        assertThat(read(type, "8080")).isEqualTo(new AppPort(8080, Optional.empty()));
        assertThat(read(type, "8443=9443")).isEqualTo(new AppPort(8443, Optional.of(9443)));
        assertThat(type.write(read(type, "8443=9443"))).isEqualTo("8443=9443");
        String allowed = " Allowed: a port from 1 to 65535 such as 8080, or 8080=9443 with a port of bind";
        refused(type, "http", "\"http\" is not a whole number." + allowed);
        refused(type, "0", "\"0\" is too small." + allowed);
        refused(type, "1=70000", "\"70000\" is too large." + allowed);
        refused(type, "1=", "\"\" is not a whole number." + allowed);
    }

    @Test
    void pathsOfRequests() {
        ScalarType<String> type = HostedTypes.requestPath();

        assertThat(read(type, "/q/health?deep=1")).isEqualTo("/q/health?deep=1");
        String allowed = ". Allowed: a path that begins with / and holds no blanks, such as /health/ready";
        refused(type, "health", "\"health\" does not begin with /" + allowed);
        refused(type, "/a b", "\"/a b\" holds a character that no request path has" + allowed);
        refused(type, "/a\r\nHost:x", "\"/a??Host:x\" holds a character that no request path has" + allowed);
        refused(type, "/ä", "\"/ä\" holds a character that no request path has" + allowed);
    }

    @Test
    void modules() {
        ScalarType<ModuleName> type = HostedTypes.module();

        assertThat(read(type, "com.example.shop")).isEqualTo(new ModuleName("com.example.shop", Optional.empty()));
        assertThat(read(type, "shop/com.example.Main$In").mainClass()).contains("com.example.Main$In");
        assertThat(type.write(read(type, "shop/Main"))).isEqualTo("shop/Main");
        refused(type, "a-b", "\"a-b\" is no name of a module. Allowed: MODULE or MODULE/CLASS, as after java -m");
        refused(type, "a/", "\"a/\" is no name of a module. Allowed: MODULE or MODULE/CLASS, as after java -m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "22", "022", "0027", "0o22"})
    void anOctalNumberIsNoModule(String mask) {
        refused(
                HostedTypes.module(),
                mask,
                "\"" + mask + "\" is no module: -m names a module, as in java -m; did you mean --umask " + mask + "?");
    }

    @Test
    void argumentsMayBeAnything() {
        ScalarType<String> type = HostedTypes.argument();

        assertThat(read(type, "")).isEmpty();
        assertThat(read(type, " a\n\t")).isEqualTo(" a\n\t");
        refused(type, "\0", "the value holds a NUL character. Allowed: one argument of the application's main class");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/shop", "/a/b.c", "/a%20b"})
    void contextPaths(String path) {
        assertThat(read(HostedTypes.contextPath(), path)).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shop    | does not begin with /",
                "/shop/  | ends with /",
                "//      | ends with /",
                "/a//b   | holds a character that no context path has",
                "/a b    | holds a character that no context path has",
                "/a?b    | holds a character that no context path has",
                "/a/../b | holds . or .. as a part",
                "/.      | holds . or .. as a part",
            })
    void contextPathsThatAreRefused(String path, String why) {
        refused(
                HostedTypes.contextPath(),
                path,
                "\"" + path + "\" " + why + ". Allowed: / or a path such as /shop, without a slash at its end");
    }

    @ParameterizedTest
    @CsvSource({
        "file, FILE, '', file",
        "file:/var/s, FILE, /var/s, file:/var/s",
        "file:///var/s, FILE, /var/s, file:/var/s",
        "file:s, FILE, /srv/app/s, file:/srv/app/s",
        "memory, MEMORY, '', memory",
        "jdbc:postgresql://db/x?a=b, JDBC, jdbc:postgresql://db/x?a=b, jdbc:postgresql://db/x?a=b",
    })
    void stores(String text, Sessions.Kind kind, String place, String written) {
        ScalarType<Sessions> type = HostedTypes.sessions();

        assertThat(read(type, text)).isEqualTo(new Sessions(kind, place));
        assertThat(type.write(read(type, text))).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis", "file:", "jdbc:", "jdbc:postgresql", "memory:x", "/var/s"})
    void storesThatAreRefused(String text) {
        refused(
                HostedTypes.sessions(),
                text,
                "\"" + text + "\" is no store of sessions. Allowed: file, file:/FOLDER, memory, or jdbc:URL as a JDBC"
                        + " driver takes it");
    }

    private static <T> T read(SettingType<T> type, String text) {
        return type.read(type.split(text, false), BASE);
    }

    private static void refused(SettingType<?> type, String text, String message) {
        assertThatThrownBy(() -> type.read(List.of(text), BASE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
