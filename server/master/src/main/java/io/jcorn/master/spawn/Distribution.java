package io.jcorn.master.spawn;

import io.jcorn.master.posix.Reason;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder that jcorn is installed in.
 *
 * @param folder the one with {@code lib}
 */
public record Distribution(Path folder) {

    /**
     * Returns the jar of a kind of worker, whose manifest names its neighbours: a class path that is short, and always the
     * same, as class-data archives want it.
     *
     * @param kind its folder below {@code lib}, {@code worker} or {@code servlet}
     * @throws IOException if it is missing
     */
    Path jarOf(String kind) throws IOException {
        Path library = folder.toAbsolutePath().resolve("lib").resolve(kind);
        String pattern = "jcorn-" + kind + "-*.jar";
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(library, pattern)) {
            for (Path jar : jars) {
                return jar;
            }
        } catch (IOException e) {
            throw new IOException("the distribution at " + folder + " cannot be read (" + Reason.of(e) + ")", e);
        }
        throw new IOException(
                "the distribution at " + folder + " is incomplete: " + library + "/" + pattern + " is missing");
    }

    /**
     * Returns a folder of native libraries of the engine, which lie as they lay in their jar.
     *
     * @param purpose {@code epoll} or {@code tls}
     */
    Path nativeLibraries(String purpose) {
        return folder.toAbsolutePath()
                .resolve("lib/worker/native")
                .resolve(purpose)
                .resolve("META-INF/native");
    }

    /**
     * Returns a part of the agent for servers that are not ours.
     *
     * @throws IOException if it is missing
     */
    Path agent(String name) throws IOException {
        Path jar = folder.toAbsolutePath().resolve("lib/agent").resolve(name);
        if (!Files.isReadable(jar)) {
            throw new IOException("the distribution at " + folder + " is incomplete: " + jar + " is missing");
        }
        return jar;
    }
}
