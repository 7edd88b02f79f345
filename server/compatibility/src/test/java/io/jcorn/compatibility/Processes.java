package io.jcorn.compatibility;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The processes of a life, found by a variable of their environment: see proc(5). */
final class Processes {

    static final String MARK = "LAUNCHED_IN";

    private Processes() {}

    /** Returns the ids of those that inherited the mark with a value. */
    static List<Long> marked(Path value) {
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (variables(process).contains(MARK + "=" + value)) {
                    found.add(Long.parseLong(process.getFileName().toString()));
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("there is no /proc", e);
        }
        return found;
    }

    private static List<String> variables(Path process) {
        try {
            byte[] environment = Files.readAllBytes(process.resolve("environ"));
            return List.of(new String(environment, StandardCharsets.UTF_8).split("\0", -1));
        } catch (IOException e) {
            // It is gone, or somebody else's.
            return List.of();
        }
    }

    /** Sends a signal, named without SIG. */
    static void signal(long pid, String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-s", name, Long.toString(pid))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (status != 0 && !name.equals("KILL")) {
            throw new IOException("no process " + pid);
        }
    }
}
