package io.jcorn.master.listen;

import io.jcorn.master.listen.Holder.Role;
import io.jcorn.master.posix.Users;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The processes of the machine, see proc(5). All of it may change while it is read: a process that went away is left out. */
final class ProcessTable {
    /** USER_HZ, the unit of times in /proc, is 100 on every architecture that has a JVM. */
    private static final long TICKS_PER_SECOND = 100;

    private static final int LONGEST_COMMAND_LINE = 200;

    /** By number before Linux 5.8, by name since. */
    private static final Pattern HIDING = Pattern.compile("[ ,]hidepid=(?:2|4|invisible|ptraceable)(?:,|$)");

    /** Its number in capability.h. */
    private static final int CAP_SYS_PTRACE = 19;

    private final Path proc;

    ProcessTable(Path proc) {
        this.proc = proc;
    }

    /**
     * The processes that hold one of some sockets.
     *
     * @param pids ascending
     * @param sight whether we would see a process that holds them
     */
    record Owners(List<Integer> pids, Sight sight) {}

    /** Finds the processes that have one of these sockets open. */
    Owners holding(Set<Long> inodes) {
        Set<String> links = new TreeSet<>();
        inodes.forEach(inode -> links.add("socket:[" + inode + "]"));
        Set<Integer> pids = new TreeSet<>();
        boolean forbidden = false;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path process : all) {
                Look look = look(process, links);
                forbidden |= look == Look.FORBIDDEN;
                if (look == Look.FOUND) {
                    pids.add(Integer.parseInt(process.getFileName().toString()));
                }
            }
        } catch (IOException e) {
            forbidden = true;
        }
        return new Owners(List.copyOf(pids), hides() ? Sight.HIDDEN : forbidden ? Sight.FORBIDDEN : Sight.ALL);
    }

    /** Whether the mount hides the processes of others: from all but those who may trace every process. */
    private boolean hides() {
        try {
            boolean hidden = lines("self/mountinfo")
                    .filter(line -> line.contains(" - proc "))
                    .filter(line -> line.split(" ", 6)[4].equals("/proc"))
                    // Of mounts on top of each other the last is the one that is seen.
                    .reduce((lower, upper) -> upper)
                    .filter(line -> HIDING.matcher(line).find())
                    .isPresent();
            return hidden && !mayTrace();
        } catch (IOException e) {
            return false;
        }
    }

    private boolean mayTrace() throws IOException {
        String effective = lines("self/status")
                .filter(line -> line.startsWith("CapEff:"))
                .findFirst()
                .orElse("CapEff: 0");
        long bits =
                Long.parseUnsignedLong(effective.substring("CapEff:".length()).trim(), 16);
        return (bits & 1L << CAP_SYS_PTRACE) != 0;
    }

    private Stream<String> lines(String file) throws IOException {
        return Files.readAllLines(proc.resolve(file), StandardCharsets.ISO_8859_1).stream();
    }

    private enum Look {
        FOUND,
        NOT_FOUND,
        FORBIDDEN
    }

    private static Look look(Path process, Set<String> links) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : all) {
                if (links.contains(Files.readSymbolicLink(descriptor).toString())) {
                    return Look.FOUND;
                }
            }
            return Look.NOT_FOUND;
        } catch (java.nio.file.AccessDeniedException e) {
            return Look.FORBIDDEN;
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            // With hidepid=1 the answer is EPERM, for a process that is there. Otherwise it, or this
            // descriptor, is gone.
            boolean refused = String.valueOf(e.getMessage()).contains("not permitted");
            return refused ? Look.FORBIDDEN : Look.NOT_FOUND;
        }
    }

    /** Describes a process; empty: it is gone. */
    Optional<Holder> describe(int pid) {
        try {
            String stat = read(pid, "stat");
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).trim().split(" ", -1);
            int parent = Integer.parseInt(fields[4 - 3]);
            Instant since = startOf(Long.parseLong(fields[22 - 3]));
            return Optional.of(
                    new Holder(pid, parent, user(pid), shown(pid, stat), since, role(pid, parent), unit(pid)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Role role(int pid, int parent) {
        String line = commandLine(pid);
        if (isMaster(line)) {
            return Role.MASTER;
        }
        if (!line.startsWith("jcorn: worker") && !environment(pid).contains("JCORN_HANDOVER=")) {
            return Role.STRANGER;
        }
        return isMaster(commandLine(parent)) ? Role.WORKER : Role.ORPHAN;
    }

    private static boolean isMaster(String commandLine) {
        return commandLine.startsWith("jcorn: master") || commandLine.contains(" io.jcorn.master.cli.Main");
    }

    // A kernel thread, or a process that overwrote its arguments with nothing, has only its short name.
    private String shown(int pid, String stat) {
        String line = commandLine(pid);
        if (line.isEmpty()) {
            return stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
        }
        return line.length() <= LONGEST_COMMAND_LINE ? line : line.substring(0, LONGEST_COMMAND_LINE) + " …";
    }

    private String commandLine(int pid) {
        try {
            // Control characters would let a process write into the operator's terminal.
            return read(pid, "cmdline")
                    .replace('\0', ' ')
                    .replaceAll("\\p{Cntrl}", "?")
                    .trim();
        } catch (IOException e) {
            return "";
        }
    }

    private String environment(int pid) {
        try {
            return read(pid, "environ");
        } catch (IOException e) {
            // Not our process: then it is not our worker either, as far as anybody can tell.
            return "";
        }
    }

    private String user(int pid) throws IOException {
        String real = value(read(pid, "status"), "Uid:").split("\\s+", 2)[0];
        return Users.name(Integer.parseInt(real)).orElse(real);
    }

    private Instant startOf(long ticks) throws IOException {
        long boot = Long.parseLong(value(Files.readString(proc.resolve("stat")), "btime "));
        return Instant.ofEpochSecond(boot).plusMillis(ticks * 1000 / TICKS_PER_SECOND);
    }

    private Optional<String> unit(int pid) {
        try {
            return read(pid, "cgroup")
                    .lines()
                    .filter(line -> line.contains(":/system.slice/") && line.endsWith(".service"))
                    .map(line -> line.substring(line.lastIndexOf('/') + 1))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String value(String text, String key) throws IOException {
        return text.lines()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).trim())
                .findFirst()
                .orElseThrow(() -> new IOException(key + " is missing"));
    }

    private String read(int pid, String file) throws IOException {
        byte[] bytes = Files.readAllBytes(proc.resolve(Integer.toString(pid)).resolve(file));
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
