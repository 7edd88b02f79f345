package io.jcorn.master.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The signals that the master listens to.
 *
 * <p>The JVM runs every delivery on a thread of its own, so deliveries overlap, and the kernel merges equal signals that
 * wait: the consumer must only enqueue, and one CHLD may stand for many children.
 *
 * <p>A disposition that was <em>ignored</em> when the process started (nohup does that to HUP, a shell's {@code &} to INT) is
 * left ignored by the JVM, which then accepts a handler and never calls it. So the disposition is put back to its default
 * first. Whoever wants to honour the nohup finds it in {@link #ignoredAtStart()}.
 */
public final class Signals {
    private static final long SIG_DFL = 0;

    private final Set<Signal> ignoredAtStart;

    private Signals(Set<Signal> ignoredAtStart) {
        this.ignoredAtStart = ignoredAtStart;
    }

    /**
     * Listens to signals from now on, until the process ends.
     *
     * @param wanted neither KILL nor STOP, which nobody can have, nor QUIT (the JVM's thread dump) nor SEGV, ILL and FPE,
     *     which the JVM keeps. USR2 is free only in a process that was started with {@code _JAVA_SR_SIGNUM} in its
     *     environment: otherwise it is HotSpot's own and taking it breaks its suspend and resume
     * @param consumer called on a new thread for every delivery; must only enqueue
     * @throws IllegalArgumentException for a signal that the JVM does not give away
     */
    public static Signals listen(Set<Signal> wanted, Consumer<Signal> consumer) {
        Set<Signal> ignored = EnumSet.noneOf(Signal.class);
        long ignoredMask = ignoredMask();
        for (Signal signal : wanted) {
            if (((ignoredMask >>> (signal.number() - 1)) & 1) == 1) {
                ignored.add(signal);
                LibC.library().signal(signal.number(), SIG_DFL);
            }
            sun.misc.Signal.handle(new sun.misc.Signal(signal.name()), delivered -> consumer.accept(signal));
        }
        return new Signals(ignored);
    }

    /** Which of the wanted signals the process that started us had set to be ignored. */
    public Set<Signal> ignoredAtStart() {
        return EnumSet.copyOf(ignoredAtStart);
    }

    // Bit n-1 stands for signal n, proc(5).
    private static long ignoredMask() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("SigIgn:")) {
                    return Long.parseUnsignedLong(
                            line.substring("SigIgn:".length()).trim(), 16);
                }
            }
        } catch (IOException e) {
            // No /proc: no cure, but also no reason not to run.
            return 0;
        }
        return 0;
    }
}
