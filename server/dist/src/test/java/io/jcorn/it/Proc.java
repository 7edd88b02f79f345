package io.jcorn.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What the kernel says about processes and sockets: see proc(5). A process that is gone has no facts. */
public final class Proc {

    private static final Path ROOT = Path.of("/proc");

    /** Local address in {@code /proc/net/tcp}, state, inode; counted from 0. */
    private static final int TCP_LOCAL = 1;

    private static final int TCP_STATE = 3;
    private static final int TCP_INODE = 9;
    private static final String TCP_LISTEN = "0A";

    private Proc() {}

    /** Returns the command line, arguments separated by blanks; empty for a zombie and for a process that is gone. */
    public static String commandLine(long pid) {
        return read(pid, "cmdline").orElse("").replace('\0', ' ').strip();
    }

    /** Returns a field of {@code /proc/PID/status}, such as {@code SigBlk}. */
    public static Optional<String> status(long pid, String field) {
        return read(pid, "status")
                .flatMap(text -> text.lines()
                        .filter(line -> line.startsWith(field + ":"))
                        .map(line -> line.substring(field.length() + 1).strip())
                        .findFirst());
    }

    /** Returns the state letter ({@code Z}: zombie), the parent's pid and the process group; empty when it is gone. */
    static Optional<Stat> stat(long pid) {
        return read(pid, "stat").map(text -> {
            // The name in brackets may hold anything, also blanks and brackets.
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
            return new Stat(fields[0].charAt(0), Long.parseLong(fields[1]), Long.parseLong(fields[2]));
        });
    }

    /** Three fields of {@code /proc/PID/stat}. */
    record Stat(char state, long parent, long group) {}

    /** Whether a process exists and is no zombie. */
    public static boolean lives(long pid) {
        return stat(pid).filter(stat -> stat.state() != 'Z').isPresent();
    }

    /** Returns the children of a process, zombies too. */
    public static List<Long> children(long parent) {
        return pids().stream()
                .filter(pid -> stat(pid).filter(stat -> stat.parent() == parent).isPresent())
                .toList();
    }

    /** Returns every process that inherited a line of environment, such as {@code TMPDIR=/tmp/a}. */
    static List<Long> withEnvironment(String line) {
        return pids().stream()
                .filter(pid -> read(pid, "environ")
                        .filter(text -> List.of(text.split("\0", -1)).contains(line))
                        .isPresent())
                .toList();
    }

    /** Returns what the descriptors of a process are, by number: a path, {@code socket:[INODE]}, {@code anon_inode:…}. */
    public static SortedMap<Integer, String> descriptors(long pid) {
        SortedMap<Integer, String> descriptors = new TreeMap<>();
        try (DirectoryStream<Path> links =
                Files.newDirectoryStream(ROOT.resolve(Long.toString(pid)).resolve("fd"))) {
            for (Path link : links) {
                target(link)
                        .ifPresent(target -> descriptors.put(
                                Integer.parseInt(link.getFileName().toString()), target));
            }
        } catch (IOException e) {
            return descriptors;
        }
        return descriptors;
    }

    private static Optional<String> target(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException e) {
            // It was closed between the listing and the look.
            return Optional.empty();
        }
    }

    /** Returns the inodes of the TCP sockets that listen on a port, whatever the address. */
    public static List<Long> listeners(int port) {
        List<Long> inodes = new ArrayList<>();
        String suffix = String.format(":%04X", port);
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : lines(ROOT.resolve("net").resolve(table))) {
                String[] fields = line.strip().split("\\s+", -1);
                boolean listens = fields.length > TCP_INODE && fields[TCP_STATE].equals(TCP_LISTEN);
                if (listens && fields[TCP_LOCAL].endsWith(suffix)) {
                    inodes.add(Long.parseLong(fields[TCP_INODE]));
                }
            }
        }
        return inodes;
    }

    /**
     * Sends a signal.
     *
     * @param signal its name without SIG, such as {@code TERM}
     */
    public static void signal(long pid, String signal) {
        try {
            Process kill = new ProcessBuilder("kill", "-s", signal, Long.toString(pid))
                    .inheritIO()
                    .start();
            if (!kill.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("kill does not end");
            }
        } catch (IOException e) {
            throw new AssertionError("there is no kill(1)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("the test was interrupted", e);
        }
    }

    private static List<Long> pids() {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(ROOT, "[0-9]*")) {
            folders.forEach(
                    folder -> pids.add(Long.parseLong(folder.getFileName().toString())));
        } catch (IOException e) {
            throw new AssertionError("there is no /proc", e);
        }
        return pids;
    }

    private static Optional<String> read(long pid, String file) {
        try {
            Path path = ROOT.resolve(Long.toString(pid)).resolve(file);
            return Optional.of(new String(Files.readAllBytes(path), UTF_8));
        } catch (IOException e) {
            // ENOENT or ESRCH: the process is gone. EACCES: it is somebody else's, and nobody asks for those.
            return Optional.empty();
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
