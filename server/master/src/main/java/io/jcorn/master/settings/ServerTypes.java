package io.jcorn.master.settings;

import io.jcorn.wire.WorkerOptions.Threads;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The types that only a server has: addresses, applications, threads, and options of the JVM. */
final class ServerTypes {

    private ServerTypes() {}

    /** An address to listen on. */
    static ScalarType<BindAddress> address() {
        return new ScalarType<>("ADDRESS", "HOST:PORT, :PORT, [v6]:PORT, unix:PATH, unix:@NAME, fd://N") {
            @Override
            BindAddress parse(String text, Path base) {
                return BindAddress.parse(text.strip());
            }
        };
    }

    /** An address that other programs of any kind can ask: a scraper speaks TCP. */
    static ScalarType<BindAddress> tcpAddress() {
        return new ScalarType<>("ADDRESS", "HOST:PORT, :PORT, [v6]:PORT") {
            @Override
            BindAddress parse(String text, Path base) {
                BindAddress address = BindAddress.parse(text.strip());
                if (address instanceof BindAddress.Tcp) {
                    return address;
                }
                throw refuse(text, "is no TCP address");
            }
        };
    }

    /** Who runs the application's code. */
    static ScalarType<Threads> threads(int most) {
        return new ScalarType<>("N", "a whole number from 1 to " + most + ", 0 for the event loop itself, or virtual") {
            @Override
            Threads parse(String text, Path base) {
                if (text.strip().equals("virtual")) {
                    return new Threads(Threads.Kind.VIRTUAL, 0);
                }
                int count = ScalarTypes.number(this, text, 0, most);
                return new Threads(count == 0 ? Threads.Kind.LOOP : Threads.Kind.POOL, count);
            }

            @Override
            String write(Threads value) {
                return switch (value.kind()) {
                    case LOOP -> "0";
                    case POOL -> Integer.toString(value.count());
                    case VIRTUAL -> "virtual";
                };
            }
        };
    }

    /** An archive or folder, and perhaps the class in it. */
    static ScalarType<Application> application() {
        return new ScalarType<>("APP", "app.jar, app.jar:com.example.Handler, or a folder of classes") {
            private final Pattern className = Pattern.compile(
                    "\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*(?:\\.\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*)*");

            @Override
            Application parse(String text, Path base) {
                int colon = text.lastIndexOf(':');
                // A slash after the colon: the colon belongs to a folder's name.
                if (colon < 0 || text.indexOf('/', colon) >= 0) {
                    return new Application(ScalarTypes.resolve(text, base), Optional.empty());
                }
                String handler = text.substring(colon + 1);
                if (colon == 0) {
                    throw refuse(text, "names no archive before the colon");
                }
                if (!className.matcher(handler).matches()) {
                    throw refuse(text, "has no class name after the colon");
                }
                return new Application(ScalarTypes.resolve(text.substring(0, colon), base), Optional.of(handler));
            }

            @Override
            String write(Application value) {
                String text = value.toString();
                // A slash at the end keeps a colon in the file's own name from being read as the one before a class.
                boolean colon = text.indexOf(':', text.lastIndexOf('/')) >= 0;
                return colon && value.className().isEmpty() ? text + "/" : text;
            }
        };
    }

    /** A file to write a log to; {@code -} is standard error. */
    static SettingType<Optional<Path>> logFile() {
        return new ScalarType<>("FILE", "a file, or - for standard error") {
            @Override
            Optional<Path> parse(String text, Path base) {
                return text.equals("-") ? Optional.empty() : Optional.of(ScalarTypes.resolve(text, base));
            }

            @Override
            String write(Optional<Path> value) {
                return value.map(Path::toString).orElse("-");
            }
        };
    }

    /**
     * One option of a worker's JVM. The templates stay in the text; they are filled when a worker is spawned. All other braces
     * are the option's own: patterns of loggers are full of them.
     */
    static ScalarType<String> javaOption() {
        return new ScalarType<>(
                "OPTION",
                "one option of the java command such as -Xmx256m, with {slot}, {generation} and {pid} as templates") {
            private static final Set<String> CLASS_PATHS = Set.of("-cp", "-classpath", "--class-path");

            @Override
            String parse(String text, Path base) {
                if (CLASS_PATHS.contains(text) || text.startsWith("--class-path=")) {
                    throw refuse(text, "is jcorn's own to set; further archives are given by --classpath");
                }
                if (text.equals("-jar")) {
                    throw refuse(text, "is jcorn's own to set; the application is the command's argument");
                }
                if (text.equals("-m") || text.equals("--module") || text.startsWith("--module=")) {
                    throw refuse(text, "is jcorn's own to set; a module is named by --module");
                }
                if (!text.startsWith("-")) {
                    throw refuse(
                            text, "does not begin with -; an option with a value is one text, as in --add-opens=VALUE");
                }
                // A text of -D may well hold " -"; one of -X that does is two options in one, which the JVM misreads.
                if (text.startsWith("-X") && !text.startsWith("-XX:On") && text.contains(" -")) {
                    throw refuse(text, "holds several options; give each its own --java-opt, or a list in the file");
                }
                return text;
            }
        };
    }
}
