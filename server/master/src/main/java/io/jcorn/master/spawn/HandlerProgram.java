package io.jcorn.master.spawn;

import io.jcorn.wire.Handover;
import io.jcorn.wire.WorkerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Our own engine.
 *
 * @param options what it is asked for
 */
public record HandlerProgram(WorkerOptions options) implements Program {

    private static final String MAIN_CLASS = "io.jcorn.worker.Main";

    @Override
    public List<String> flags(Distribution distribution, JavaRuntime java, Handover handover) {
        return archive(java)
                .map(file -> List.of("-XX:SharedArchiveFile=" + file, "-Xshare:auto"))
                .orElse(List.of());
    }

    /** The class-data archive that bin/jcorn made: it fits only the Java that it was made with, which is the master's. */
    private static Optional<Path> archive(JavaRuntime java) {
        return java.own()
                ? Optional.ofNullable(System.getProperty("jcorn.worker.archive"))
                        .map(Path::of)
                        .filter(Files::isReadable)
                : Optional.empty();
    }

    @Override
    public List<String> start(Distribution distribution) throws IOException {
        List<String> arguments = new ArrayList<>();
        arguments.add("-cp");
        arguments.add(distribution.jarOf("worker").toString());
        arguments.add(MAIN_CLASS);
        arguments.addAll(options.toArguments());
        return arguments;
    }

    @Override
    public Map<String, String> variables(Handover handover) {
        return Map.of();
    }
}
