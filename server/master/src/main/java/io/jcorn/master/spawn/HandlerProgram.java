package io.jcorn.master.spawn;

import io.jcorn.wire.Handover;
import io.jcorn.wire.WorkerOptions;
import java.io.File;
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
        List<String> flags = new ArrayList<>();
        flags.add("-Dsun.boot.library.path=" + nativeLibraries(distribution));
        archive(java).ifPresent(file -> {
            flags.add("-XX:SharedArchiveFile=" + file);
            flags.add("-Xshare:auto");
        });
        return flags;
    }

    /**
     * Where Netty finds its native libraries. Out of a jar it would have to copy them into the temp folder, which may be
     * mounted noexec. The JVM appends to this path what is given, and {@code java.library.path} stays the user's. Without TLS
     * BoringSSL is left out: an application that brings one of its own would find ours.
     */
    private String nativeLibraries(Distribution distribution) {
        String epoll = distribution.nativeLibraries("epoll").toString();
        return options.tls().isEmpty() ? epoll : epoll + File.pathSeparator + distribution.nativeLibraries("tls");
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
