package io.jcorn.master.posix;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A program to start.
 *
 * @param executable absolute, or relative to the master's working directory; PATH is not searched
 * @param title its {@code argv[0]}, what {@code ps} shows: {@code jcorn: worker 2 [app.jar]}
 * @param arguments the rest of {@code argv}, without {@code argv[0]}
 * @param environment the whole environment: nothing is inherited
 * @param directory its working directory; empty: ours
 * @param input whether its standard input is a pipe to which nothing is ever written, rather than /dev/null: it ends with the master
 * @param descriptors ours, which become 3, 4, 5… in the child in this order. They stay open here
 */
public record SpawnSpec(
        Path executable,
        String title,
        List<String> arguments,
        Map<String, String> environment,
        Optional<Path> directory,
        boolean input,
        List<Integer> descriptors) {

    /** A program whose standard input is /dev/null. */
    public SpawnSpec(
            Path executable,
            String title,
            List<String> arguments,
            Map<String, String> environment,
            Optional<Path> directory,
            List<Integer> descriptors) {
        this(executable, title, arguments, environment, directory, false, descriptors);
    }

    public SpawnSpec {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        descriptors = List.copyOf(descriptors);
    }
}
