package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server that runs: the packaged program as a process of its own, with a temp folder, a working folder and a log of its
 * own.
 *
 * <p>{@link #close} stops it when the test has not, after a look whether its workers hold anything for clients that are gone.
 * It asserts that the stop is quick and that nothing is left: no process, no zombie, no listening
 * socket, no file in the temp or the working folder, and no error in the log that the test did not announce.
 */
public final class RunningJcorn implements AutoCloseable {

    /** The variable by which everything that a server has started is found. */
    static final String MARK = "LAUNCHED_IN";

    /** Far more than it takes, and far less than any grace period. */
    private static final Duration GIVEN_BACK_WITHIN = Duration.ofSeconds(10);

    private static final Duration STOPS_WITHIN = Duration.ofSeconds(15);

    /** Signal 3 in a mask of /proc/PID/status. */
    private static final long SIGQUIT = 1 << 2;

    private static final String LISTENING = "Listening at: https?://[^ ]*:([0-9]+) \\(([0-9]+)\\)";

    private final Path folder;
    private final Process process;
    private final boolean terminal;
    private final List<Pattern> tolerated;
    private final List<Pattern> applicationsFiles;
    private final ServerLog log;
    private Optional<Integer> port = Optional.empty();
    private List<Long> listeners = List.of();
    private boolean killed;
    private long pidInTerminal;
    private Optional<WorkersAtRest> workersAtRest = Optional.empty();

    RunningJcorn(
            Path folder, Process process, boolean terminal, List<Pattern> tolerated, List<Pattern> applicationsFiles) {
        this.folder = folder;
        this.process = process;
        this.terminal = terminal;
        this.tolerated = new ArrayList<>(tolerated);
        this.applicationsFiles = applicationsFiles;
        this.log = new ServerLog(folder.resolve("log"));
    }

    /** Returns the master's process id. */
    public long pid() {
        if (!terminal) {
            return process.pid();
        }
        if (pidInTerminal == 0) {
            pidInTerminal = Long.parseLong(everLogged(LISTENING).group(2));
        }
        return pidInTerminal;
    }

    /** Returns the working folder of the server. */
    public Path work() {
        return folder.resolve("work");
    }

    /** Returns the temp folder of the server. */
    public Path temp() {
        return folder.resolve("tmp");
    }

    public ServerLog log() {
        return log;
    }

    /** Returns the first TCP port, as the log tells it. */
    public int port() {
        if (port.isEmpty()) {
            int found = Integer.parseInt(everLogged(LISTENING).group(1));
            listeners = Proc.listeners(found);
            port = Optional.of(found);
        }
        return port.get();
    }

    /**
     * Waits for a log line, looking at those since the last {@link #signal} or {@link #mark}.
     *
     * @param pattern a regular expression, found anywhere in the line
     */
    public MatchResult awaitEvent(String pattern) {
        return awaitEvents(pattern, 1);
    }

    /** Waits until so many log lines match, and returns the last of them. */
    public MatchResult awaitEvents(String pattern, int times) {
        return log.await(pattern, times, () -> process.isAlive() || Proc.lives(pid()));
    }

    private MatchResult everLogged(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return Await.value(
                "a line like " + pattern,
                () -> log.lines().stream()
                        .map(compiled::matcher)
                        .filter(Matcher::find)
                        .map(Matcher::toMatchResult)
                        .findFirst());
    }

    /** Events before this are not waited for any more. */
    public RunningJcorn mark() {
        log.mark();
        return this;
    }

    /** Asserts that until now nothing was logged that the test did not announce, and announces more, see {@link Launch#tolerate}. */
    public void tolerateFromNowOn(String... patterns) {
        assertThat(log.unexpected(tolerated)).as("unexpected log lines").isEmpty();
        List.of(patterns).forEach(pattern -> tolerated.add(Pattern.compile(pattern)));
    }

    /** All workers are ready, and nobody has connected yet. */
    RunningJcorn ready() {
        WorkersAtRest atRest = new WorkersAtRest(pid());
        atRest.ready(workers().keySet());
        workersAtRest = Optional.of(atRest);
        return this;
    }

    /** Marks the log and sends the master a signal, named without SIG. */
    public void signal(String name) {
        port();
        mark();
        killed |= name.equals("KILL");
        Proc.signal(pid(), name);
    }

    /** Marks the log and closes the terminal: the kernel sends the master a HUP. */
    public void hangUp() {
        port();
        pid();
        mark();
        process.destroyForcibly();
    }

    /** Returns the workers by process id, with their slot, as they are in the process table now: also those that drain. */
    public SortedMap<Long, Integer> workers() {
        Pattern title = Pattern.compile("^jcorn: worker ([0-9]+) ");
        SortedMap<Long, Integer> workers = new TreeMap<>();
        for (long child : Proc.children(pid())) {
            var matcher = title.matcher(Proc.commandLine(child));
            if (matcher.find()) {
                workers.put(child, Integer.valueOf(matcher.group(1)));
            }
        }
        return workers;
    }

    /** Returns the process id of a worker that serves, always the same as long as it lives. */
    public long anyWorker() {
        Set<Long> present = workers().keySet();
        Pattern ready = Pattern.compile("Worker ready \\(pid: ([0-9]+),");
        return log.lines().stream()
                .map(ready::matcher)
                .filter(Matcher::find)
                .map(matcher -> Long.parseLong(matcher.group(1)))
                .filter(present::contains)
                .min(Long::compare)
                .orElseThrow(() -> new AssertionError("no worker is ready"));
    }

    /** Waits for the end of the master and asserts its exit code. */
    public void assertExit(int code) {
        awaitEnd();
        assertThat(process.exitValue()).as("exit code").isEqualTo(code);
    }

    /** Waits for the end of the master, however it ends, and returns the exit code: 128 + the number of a signal. */
    public int awaitEnd() {
        return Await.value(
                "the master ends", () -> process.isAlive() ? Optional.empty() : Optional.of(process.exitValue()));
    }

    /** Returns what master and workers wrote to standard output, such as the thread dumps that QUIT asks for. */
    public String output() {
        try {
            return Files.readString(folder.resolve("out"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until a thread of a worker executes a method, given as text of a thread dump. */
    public void awaitStack(String frame) {
        Await.until("a worker in " + frame, () -> {
            workers().keySet().stream().filter(RunningJcorn::catchesQuit).forEach(pid -> Proc.signal(pid, "QUIT"));
            return output().contains(frame);
        });
    }

    /** A JVM that is not that far yet is ended by it. */
    private static boolean catchesQuit(long pid) {
        return Proc.status(pid, "SigCgt")
                .filter(mask -> (Long.parseUnsignedLong(mask, 16) & SIGQUIT) != 0)
                .isPresent();
    }

    /** Returns every process that is left of this server: the master, workers, and whatever they have started. */
    public List<Long> processes() {
        return Proc.withEnvironment(MARK + "=" + folder);
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            assertThat(zombies()).as("zombies").isEmpty();
            workersAtRest.ifPresent(this::assertAtRest);
            Proc.signal(pid(), "TERM");
            if (workersAtRest.isPresent()) {
                assertThat(endsWithin(STOPS_WITHIN)).as("TERM ends it at once").isTrue();
            }
            assertExit(0);
        } else if (terminal && Proc.lives(pid())) {
            Proc.signal(pid(), "TERM");
            Await.until("the master ends", () -> !Proc.lives(pid()));
        }
        try {
            // A master that was killed leaves its folder to the next master, and its workers a moment.
            if (killed) {
                Await.until("all processes end", () -> processes().isEmpty());
            }
            assertThat(processes()).as("processes that are left").isEmpty();
            assertThat(stillListening()).as("listening sockets that are left").isEmpty();
            assertThat(files(temp())).as("files that are left in TMPDIR").isEmpty();
            assertThat(files(work()))
                    .as("files that are left in the working folder")
                    .isEmpty();
            assertThat(log.unexpected(tolerated)).as("unexpected log lines").isEmpty();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void assertAtRest(WorkersAtRest atRest) {
        Optional<Boolean> nothing = Await.within(
                GIVEN_BACK_WITHIN,
                () -> atRest.held(workers().keySet()).isEmpty() ? Optional.of(true) : Optional.empty());
        assertThat(nothing)
                .as(() -> "clients are gone; " + atRest.held(workers().keySet()).orElse("late"))
                .isPresent();
    }

    private boolean endsWithin(Duration time) {
        return Await.within(time, () -> process.isAlive() ? Optional.empty() : Optional.of(true))
                .isPresent();
    }

    private List<Long> zombies() {
        return Proc.children(pid()).stream()
                .filter(child -> Await.within(
                                Duration.ofSeconds(5),
                                () -> Proc.stat(child)
                                                .filter(stat -> stat.state() == 'Z')
                                                .isEmpty()
                                        ? Optional.of(true)
                                        : Optional.empty())
                        .isEmpty())
                .toList();
    }

    /** Inodes, not port numbers: another process may have got the port meanwhile. */
    private List<Long> stillListening() {
        return port.map(number -> Proc.listeners(number).stream()
                        .filter(listeners::contains)
                        .toList())
                .orElse(List.of());
    }

    private List<String> files(Path place) throws IOException {
        try (Stream<Path> files = Files.list(place)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> applicationsFiles.stream()
                            .noneMatch(file -> file.matcher(name).matches()))
                    .filter(name -> !(killed && name.startsWith("jcorn-" + pid() + "-")))
                    .toList();
        }
    }

    /** After the test, whatever happened in it. */
    void endWhatIsLeft() {
        for (long pid : processes()) {
            Proc.signal(pid, "KILL");
        }
        process.destroyForcibly();
        try {
            process.waitFor(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "jcorn in " + folder;
    }
}
