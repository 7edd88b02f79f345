package io.jcorn.master.settings;

import io.jcorn.wire.ServletOptions.Sessions;
import io.jcorn.wire.WorkerKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types of what is said about applications that are no handlers. */
final class HostedTypes {

    private static final String AUTO = "auto";
    private static final int LAST_PORT = 65_535;

    private HostedTypes() {}

    /** The kind of worker; empty: it follows from the application. */
    static SettingType<Optional<WorkerKind>> workerClass() {
        return new ScalarType<>("KIND", "auto, handler, servlet or main") {
            private static final Set<String> OF_GUNICORN =
                    Set.of("sync", "gthread", "gevent", "gevent_wsgi", "gevent_pywsgi", "eventlet", "tornado", "asgi");

            @Override
            Optional<WorkerKind> parse(String text, Path base) {
                String name = text.strip().toLowerCase(Locale.ROOT);
                if (name.equals(AUTO)) {
                    return Optional.empty();
                }
                for (WorkerKind kind : WorkerKind.values()) {
                    if (name(kind).equals(name)) {
                        return Optional.of(kind);
                    }
                }
                boolean gunicorns = OF_GUNICORN.contains(name) || name.endsWith("worker");
                throw refuse(
                        text,
                        gunicorns
                                ? "is one of gunicorn's kinds, which say how requests are handled; jcorn's say what the"
                                        + " application is, and --threads says who handles the requests"
                                : "is not known");
            }

            @Override
            String write(Optional<WorkerKind> value) {
                return value.map(HostedTypes::name).orElse(AUTO);
            }
        };
    }

    static String name(WorkerKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** A port of the application's, perhaps with the one that takes its place. */
    static ScalarType<AppPort> appPort() {
        return new ScalarType<>(
                "PORT[=HELD]", "a port from 1 to 65535 such as 8080, or 8080=9443 with a port of bind") {
            @Override
            AppPort parse(String text, Path base) {
                int equals = text.indexOf('=');
                return equals < 0
                        ? new AppPort(port(text), Optional.empty())
                        : new AppPort(port(text.substring(0, equals)), Optional.of(port(text.substring(equals + 1))));
            }

            private int port(String text) {
                return ScalarTypes.number(this, text, 1, LAST_PORT);
            }
        };
    }

    /** A path that a request can ask for as it stands. */
    static ScalarType<String> requestPath() {
        return new ScalarType<>("PATH", "a path that begins with / and holds no blanks, such as /health/ready") {
            @Override
            String parse(String text, Path base) {
                if (!text.startsWith("/")) {
                    throw refuse(text, "does not begin with /");
                }
                // RFC 9112, section 3.2: a request target is visible ASCII. A fragment never reaches the server.
                if (!text.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '#')) {
                    throw refuse(text.replaceAll("\\p{Cntrl}", "?"), "holds a character that no request path has");
                }
                return text;
            }
        };
    }

    /** A module, perhaps with a class. */
    static ScalarType<ModuleName> module() {
        return new ScalarType<>("MODULE[/CLASS]", "MODULE or MODULE/CLASS, as after java -m") {
            private static final Pattern MODULE = Pattern.compile("(NAME)(?:/(NAME))?"
                    .replace(
                            "NAME",
                            "\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*"
                                    + "(?:\\.\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*)*"));

            @Override
            ModuleName parse(String text, Path base) {
                if (text.matches("(?:0o)?[0-7]{1,4}")) {
                    throw new IllegalArgumentException(
                            "\"" + text + "\" is no module: -m names a module, as in java -m;"
                                    + " did you mean --umask " + text + "?");
                }
                Matcher matcher = MODULE.matcher(text);
                if (!matcher.matches()) {
                    throw refuse(text, "is no name of a module");
                }
                return new ModuleName(matcher.group(1), Optional.ofNullable(matcher.group(2)));
            }
        };
    }

    /** One argument of the application, whatever it is. */
    static ScalarType<String> argument() {
        return new ScalarType<>("ARG", "one argument of the application's main class") {
            @Override
            String parse(String text, Path base) {
                return text;
            }

            @Override
            boolean blankToo() {
                return true;
            }
        };
    }

    /** Where a web application is deployed. */
    static ScalarType<String> contextPath() {
        return new ScalarType<>("PATH", "/ or a path such as /shop, without a slash at its end") {
            @Override
            String parse(String text, Path base) {
                if (!text.startsWith("/")) {
                    throw refuse(text, "does not begin with /");
                }
                if (text.length() > 1 && text.endsWith("/")) {
                    throw refuse(text, "ends with /");
                }
                if (!text.equals("/") && !text.matches("(?:/[A-Za-z0-9._~!$&'()+,=:@%-]+)+")) {
                    throw refuse(text, "holds a character that no context path has");
                }
                if (List.of(text.split("/", -1)).contains("..")
                        || List.of(text.split("/", -1)).contains(".")) {
                    throw refuse(text, "holds . or .. as a part");
                }
                return text;
            }
        };
    }

    /** Where HTTP sessions are kept. The place of files is empty when the master has to choose one. */
    static ScalarType<Sessions> sessions() {
        return new ScalarType<>("STORE", "file, file:/FOLDER, memory, or jdbc:URL as a JDBC driver takes it") {
            @Override
            Sessions parse(String text, Path base) {
                if (text.equals("memory")) {
                    return new Sessions(Sessions.Kind.MEMORY, "");
                }
                if (text.equals("file")) {
                    return new Sessions(Sessions.Kind.FILE, "");
                }
                if (text.startsWith("file:") && text.length() > "file:".length()) {
                    // A URL of a file may have two slashes more.
                    String folder = text.substring("file:".length()).replaceFirst("^//(?=/)", "");
                    return new Sessions(
                            Sessions.Kind.FILE,
                            ScalarTypes.resolve(folder, base).toString());
                }
                if (text.matches("jdbc:[A-Za-z][A-Za-z0-9+_-]*:.+")) {
                    return new Sessions(Sessions.Kind.JDBC, text);
                }
                throw refuse(text, "is no store of sessions");
            }

            @Override
            String write(Sessions value) {
                return switch (value.kind()) {
                    case MEMORY -> "memory";
                    case FILE -> value.place().isEmpty() ? "file" : "file:" + value.place();
                    case JDBC -> value.place();
                };
            }
        };
    }
}
