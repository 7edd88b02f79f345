package io.jcorn.agent;

import io.jcorn.wire.Handover;
import io.jcorn.wire.Log;
import io.jcorn.wire.Message;
import io.jcorn.wire.MessageCodec;
import io.jcorn.wire.ProcessId;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.Scoreboard.WorkerPhase;
import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The worker's end of everything between it and the master.
 *
 * <pre>
 *   control thread:  read frame ──► duty, on the duties' thread      DumpRequest ──► own thread (a dump may take long)
 *                      │
 *                      └─ end of file: the master is dead ──► listeners replaced by /dev/null ──► masterDied
 * </pre>
 *
 * <p>One daemon thread blocks in read(2) on the control channel and does nothing else. It depends on neither the event loop
 * nor the application nor the duties, so it works when all of them are stuck.
 *
 * <p>What runs at the start uses no lambda: the first one in a process costs other people's programs tens of milliseconds.
 */
public final class Agent {

    private final Handover handover;
    private final Scoreboard scoreboard;
    private final Scoreboard.Row row;
    private final InputStream in;
    private final OutputStream out;
    private final Log log;
    private final FileDescriptor control;
    private final FileInputStream nothing;
    private final Executor ordinary = Executors.newSingleThreadExecutor(new Daemons("jcorn-duties"));
    private volatile @Nullable Duties duties;
    private volatile boolean leaving;

    private Agent(Handover handover, Scoreboard scoreboard, FileDescriptor control, FileInputStream nothing, Log log) {
        this.handover = handover;
        this.scoreboard = scoreboard;
        this.row = scoreboard.row(handover.row());
        this.control = control;
        this.nothing = nothing;
        this.in = new BufferedInputStream(new FileInputStream(control), 256);
        this.out = new FileOutputStream(control);
        this.log = log;
    }

    /**
     * Opens what was inherited and starts to listen to the master.
     *
     * @throws IOException if a descriptor of the hand-over is not there or this JDK does not let us open it
     */
    public static Agent start(Handover handover, Log log) throws IOException {
        return start(handover, Scoreboard.map(handover.scoreboard()), log);
    }

    /**
     * Opens what was inherited and starts to listen to the master, with a scoreboard that was mapped in another way.
     *
     * @throws IOException if a descriptor of the hand-over is not there or this JDK does not let us open it
     */
    public static Agent start(Handover handover, Scoreboard scoreboard, Log log) throws IOException {
        checkInherited(handover);
        FileDescriptor control = InheritedDescriptor.of(handover.control());
        Agent agent = new Agent(handover, scoreboard, control, nothing(), log);
        agent.row.set(Cell.PID, ProcessId.own());
        agent.row.set(Cell.SLOT, handover.slot());
        agent.row.set(Cell.GENERATION, handover.generation());
        agent.row.phase(WorkerPhase.BOOTING);
        agent.nameProcess();
        expandPid();
        Runnable listening = new Runnable() {
            @Override
            public void run() {
                agent.listen();
            }
        };
        daemon(listening, "jcorn-control").start();
        return agent;
    }

    private static void checkInherited(Handover handover) throws IOException {
        List<Integer> descriptors = new ArrayList<>(List.of(handover.control(), handover.scoreboard()));
        for (Handover.InheritedListener listener : handover.listeners()) {
            descriptors.add(listener.descriptor());
        }
        for (int descriptor : descriptors) {
            if (!Files.exists(Path.of("/proc/self/fd/" + descriptor), LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("descriptor " + descriptor + " of " + Handover.HANDOVER
                        + " is not open: only a jcorn master starts this program");
            }
        }
    }

    /**
     * Opens what the listeners are replaced by one day. Now: on that day the process may have no descriptor left to open.
     * Replacing it by itself changes nothing, but fails now rather than then if this JDK does not let us.
     */
    private static FileInputStream nothing() throws IOException {
        FileInputStream nothing = new FileInputStream("/dev/null");
        int number = InheritedDescriptor.number(nothing.getFD());
        InheritedDescriptor.replace(number, number);
        return nothing;
    }

    /** Makes daemon threads of one name. */
    private static final class Daemons implements ThreadFactory {
        private final String name;

        Daemons(String name) {
            this.name = name;
        }

        @Override
        public Thread newThread(Runnable work) {
            return daemon(work, name);
        }
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Returns what this process inherited. */
    public Handover handover() {
        return handover;
    }

    /** Returns this process's own row. */
    public Scoreboard.Row row() {
        return row;
    }

    /** Returns the memory that all workers share. */
    public Scoreboard scoreboard() {
        return scoreboard;
    }

    /** Says who does what the master commands. Before this only death and dumps are handled. */
    public void assign(Duties duties) {
        this.duties = duties;
    }

    /** Publishes that the thread that calls this is alive. Costs a clock read and a store. */
    public void beat() {
        row.set(Cell.BEAT, System.nanoTime());
    }

    /**
     * Tells the master something. Blocks when the master does not read, which it always does while it lives.
     *
     * <p>A message that cannot be delivered is dropped: the control thread then learns of the master's death by itself.
     */
    public void tell(Message.FromWorker message) {
        byte[] frame = MessageCodec.encode(message);
        synchronized (out) {
            try {
                out.write(frame);
            } catch (IOException e) {
                log.debug("The master cannot be told " + message.getClass().getSimpleName() + ": " + e.getMessage());
            }
        }
        if (message instanceof Message.Ready) {
            prepare();
        }
    }

    /** Loads what is needed when something goes wrong, now that nobody waits for this process. */
    private void prepare() {
        Runnable preparing = new Runnable() {
            @Override
            public void run() {
                log.prepare();
            }
        };
        try {
            daemon(preparing, "jcorn-prepare").start();
        } catch (OutOfMemoryError e) {
            log.error("No thread can be started: " + e.getMessage());
        }
    }

    /**
     * Listens to the master no more; the last call before the process ends. A JVM that exits waits 300 ms for threads that
     * are in native code, as the control thread is while it reads.
     */
    public void leave() {
        leaving = true;
        try {
            InheritedDescriptor.shutdownInput(control);
        } catch (IOException | LinkageError e) {
            // A library of the JDK that is loaded now, perhaps without a descriptor to do it with.
            log.debug("The control thread cannot be ended: " + e);
        }
    }

    /**
     * Replaces a descriptor by /dev/null, as the inherited listeners are when the master dies.
     *
     * @throws IOException if the kernel or this JDK refuses
     */
    public void discard(int descriptor) throws IOException {
        InheritedDescriptor.replace(descriptor, InheritedDescriptor.number(nothing.getFD()));
    }

    /** Tells the master what every thread is doing. May take long: the JVM has to stop them all first. */
    public void dump() {
        tell(new Message.Dump(ThreadDump.text()));
    }

    private void listen() {
        try {
            for (Message message = MessageCodec.read(in); message != null; message = MessageCodec.read(in)) {
                heed(message);
            }
        } catch (IOException e) {
            // A reset channel is a dead master too.
            log.debug("Control channel: " + e.getMessage());
        } catch (RuntimeException | Error e) {
            // A worker that is deaf to its master, and to its master's death, is of no use.
            log.critical("A defect in jcorn: the worker cannot listen to its master, and ends: " + e);
            Runtime.getRuntime().halt(1);
        }
        if (!leaving) {
            masterDied();
        }
    }

    private void heed(Message message) {
        try {
            obey(message);
        } catch (RuntimeException | Error e) {
            log.error("A defect in jcorn: " + message + " failed with " + e);
        }
    }

    private void obey(Message message) {
        if (message instanceof Message.DumpRequest) {
            elsewhere(task -> daemon(task, "jcorn-dump").start(), this::dump);
            return;
        }
        Duties duties = this.duties;
        if (duties == null) {
            obeyBooting(message);
        } else {
            elsewhere(ordinary, () -> perform(duties, message));
        }
    }

    /** A process that can have no more threads is one whose dump matters most: it is then made on the control thread. */
    private void elsewhere(Executor executor, Runnable task) {
        try {
            executor.execute(task);
        } catch (OutOfMemoryError e) {
            log.error("No thread can be started: " + e.getMessage());
            task.run();
        }
    }

    /** Nothing is in flight yet, so to drain and to quit are both to leave. */
    private void obeyBooting(Message message) {
        if (message instanceof Message.Drain || message instanceof Message.Quit) {
            Runtime.getRuntime().halt(0);
        } else if (message instanceof Message.ReopenLogs) {
            try {
                log.reopen();
            } catch (IOException e) {
                log.error("The error log cannot be reopened: " + e.getMessage());
            }
        }
    }

    private void perform(Duties duties, Message message) {
        try {
            if (message instanceof Message.Drain drain) {
                duties.drain(drain.graceMillis(), drain.gate() == Message.Gate.KEEP_OPEN);
            } else if (message instanceof Message.CloseGate) {
                duties.closeGate();
            } else if (message instanceof Message.Activate) {
                duties.activate();
            } else if (message instanceof Message.Quit) {
                duties.quit();
            } else if (message instanceof Message.ReopenLogs) {
                duties.reopenLogs();
            } else {
                log.warning("A master does not say " + message + " to a worker; ignored");
            }
        } catch (RuntimeException | Error e) {
            log.error("A defect in jcorn: " + message + " failed with " + e);
        }
    }

    private void masterDied() {
        closeListeners();
        Duties duties = this.duties;
        if (duties == null) {
            Runtime.getRuntime().halt(0);
            return;
        }
        try {
            duties.masterDied();
        } catch (RuntimeException | Error e) {
            log.error("A defect in jcorn: the worker cannot finish what is in flight: " + e);
            Runtime.getRuntime().halt(1);
        }
    }

    /**
     * Closes the inherited listeners from outside the event loop, which may be stuck. They are replaced rather than closed:
     * a free number would be given to the next file that any thread opens, and the loop would accept on that.
     */
    private void closeListeners() {
        try {
            for (Handover.InheritedListener listener : handover.listeners()) {
                discard(listener.descriptor());
            }
        } catch (IOException | RuntimeException | Error e) {
            log.error("The listeners cannot be closed (" + e.getMessage()
                    + "); leaving at once so that the port is free");
            Runtime.getRuntime().halt(1);
        }
    }

    /** The master leaves {@code {pid}} in system properties to us: it could not know. */
    private static void expandPid() {
        String pid = Long.toString(ProcessId.own());
        for (String name : System.getProperties().stringPropertyNames()) {
            String value = System.getProperty(name, "");
            if (value.contains("{pid}")) {
                System.setProperty(name, value.replace("{pid}", pid));
            }
        }
    }

    /** What {@code top} and {@code pstree} show: 15 bytes at most, see proc(5) comm. */
    private void nameProcess() {
        try {
            Files.writeString(Path.of("/proc/self/comm"), "jcorn-worker-" + handover.slot());
        } catch (IOException e) {
            log.debug("The process cannot be named: " + e.getMessage());
        }
    }
}
