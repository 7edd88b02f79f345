package io.jcorn.agent.adopt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The processes that a process has started and that live, with those that they have started, see proc(5). */
final class ChildProcesses {

    /** Enough for a message. Whoever has more has them for work, not as its server. */
    private static final int MOST = 8;

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private final Path proc;

    ChildProcesses(Path proc) {
        this.proc = proc;
    }

    /**
     * One process.
     *
     * @param name that of its program, {@code java}
     */
    record Child(int pid, String name) {
        boolean java() {
            return name.equals("java");
        }

        @Override
        public String toString() {
            return name + " (pid " + pid + ")";
        }
    }

    /** Returns the children of this process, each before its own; none where the kernel does not list them. */
    List<Child> ofThisProcess() {
        List<Child> found = new ArrayList<>();
        collect(proc.resolve("self"), found);
        return found;
    }

    private void collect(Path process, List<Child> found) {
        for (String pid : children(process)) {
            if (found.size() < MOST) {
                Path child = proc.resolve(pid);
                String name = content(child.resolve("comm")).trim();
                if (!name.isEmpty()) {
                    found.add(new Child(Integer.parseInt(pid), name));
                    collect(child, found);
                }
            }
        }
    }

    /** Each thread has its own. */
    private static List<String> children(Path process) {
        List<String> all = new ArrayList<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(process.resolve("task"))) {
            for (Path thread : threads) {
                for (String pid : BLANKS.split(content(thread.resolve("children")), -1)) {
                    if (!pid.isEmpty()) {
                        all.add(pid);
                    }
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // It has ended meanwhile.
            return all;
        }
        return all;
    }

    private static String content(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // It has ended, or the kernel was built without CONFIG_PROC_CHILDREN.
            return "";
        }
    }
}
