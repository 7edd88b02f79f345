package io.jcorn.it;

import io.jcorn.dist.Distribution;
import io.jcorn.it.app.Obedient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The folder of one test, and the servers that were started in it: {@code @RegisterExtension final Workplace place = new
 * Workplace();}. After a test that failed their logs are printed and the folder stays; otherwise it is removed.
 */
public final class Workplace implements BeforeEachCallback, AfterEachCallback {

    private static final Path ALL = Distribution.home().resolveSibling("it");

    private final List<RunningJcorn> servers = new ArrayList<>();
    private Path folder = ALL;

    /** Returns the test's own folder. */
    public Path folder() {
        return folder;
    }

    /** Returns the jar of {@code examples/hello}. */
    public static String hello() {
        return Distribution.example("hello").toString();
    }

    /** Returns the jar of {@code examples/chat}. */
    public static String chat() {
        return Distribution.example("chat").toString();
    }

    /** Returns an application of {@code examples/misbehaving}. */
    public static String misbehaving(String name) {
        return Distribution.example("misbehaving") + ":io.jcorn.examples.misbehaving." + name;
    }

    /** What is to be started: the command line of jcorn. */
    public Launch jcorn(String... arguments) {
        return new Launch(this, List.of(arguments));
    }

    /**
     * An application that does as it is told is to be started.
     *
     * @param options of jcorn, before the application
     * @param steps see {@link Obedient}
     */
    public Launch obedient(List<String> options, String... steps) throws IOException {
        List<String> command = new ArrayList<>(options);
        command.add(TestJar.running(folder.resolve("app.jar"), Obedient.class).toString());
        command.add("--");
        command.addAll(List.of(steps));
        return new Launch(this, command);
    }

    RunningJcorn remember(RunningJcorn server) {
        servers.add(server);
        return server;
    }

    /** Returns a folder for the next server. */
    Path nextFolder() throws IOException {
        return Files.createDirectory(folder.resolve("jcorn-" + (servers.size() + 1)));
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        String name = context.getRequiredTestClass().getSimpleName() + "-" + context.getDisplayName();
        folder = ALL.resolve(name.replaceAll("[^A-Za-z0-9._-]+", "_"));
        remove(folder);
        Files.createDirectories(folder);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        servers.forEach(RunningJcorn::endWhatIsLeft);
        if (context.getExecutionException().isEmpty()) {
            remove(folder);
            return;
        }
        for (RunningJcorn server : servers) {
            System.out.println("---- " + context.getDisplayName() + ": log of " + server);
            System.out.println(server.log());
        }
        System.out.println("---- kept: " + folder);
    }

    private static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
