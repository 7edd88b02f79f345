package io.jcorn.master.arbiter;

import io.jcorn.master.posix.Reaped;
import io.jcorn.master.posix.Signal;
import io.jcorn.master.posix.WaitStatus;
import io.jcorn.wire.Message;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A world in which nothing happens unless the test says so; it writes down what the arbiter does to it. */
final class ScriptedWorld implements Crew, Doors, Generations, Journal {

    static final long BOOT = 30_000;
    static final long LIVENESS = 10_000;
    static final long GRACE = 8_000;

    /** What happened, one word and its object each, oldest first; emptied by {@link #happened}. */
    private final List<String> notes = new ArrayList<>();

    final Queue<Event> events = new ArrayDeque<>();
    private final Queue<Reaped> zombies = new ArrayDeque<>();
    private final Map<Integer, Long> ids = new HashMap<>();
    private final Map<Integer, Long> beats = new HashMap<>();
    private final Map<Integer, Message.FromWorker> lastWords = new HashMap<>();
    private final Arbiter arbiter;
    private int nextPid = 101;
    long now = 1_000_000;
    long kernelKills;
    int failingSpawns;
    boolean journalFails;
    private final Set<Integer> lost = new HashSet<>();
    boolean queueEmpty = true;

    ScriptedWorld(int workers) {
        arbiter = new Arbiter(events, this, this, this, this, () -> now, policy(workers));
    }

    static Policy policy(int workers) {
        return new Policy(workers, 1, 0, BOOT, LIVENESS, GRACE);
    }

    Arbiter arbiter() {
        return arbiter;
    }

    /** A world whose workers 101, 102, … are ready, with nothing written down. */
    static ScriptedWorld serving(int workers) {
        ScriptedWorld world = new ScriptedWorld(workers);
        world.turn();
        for (int pid = 101; pid < 101 + workers; pid++) {
            world.ready(pid);
        }
        world.happened();
        return world;
    }

    /** Turns until the arbiter wants to sleep. */
    void turn() {
        do {
            arbiter.turn();
        } while (!arbiter.done() && arbiter.wakeAt() <= now);
    }

    /** Time passes as the arbiter plans it: it wakes whenever it wants to, and everybody's loop comes round. */
    void pass(long millis) {
        passSilently(millis, true);
    }

    private void passSilently(long millis, boolean beating) {
        long end = now + millis;
        while (now < end && !arbiter.done()) {
            now = Math.min(end, Math.max(now + 1, arbiter.wakeAt()));
            if (beating) {
                beats.replaceAll((pid, beat) -> now);
            }
            turn();
        }
    }

    /** Time passes, and no loop comes round. */
    void passInSilence(long millis) {
        passSilently(millis, false);
    }

    void signal(Signal signal) {
        events.add(new Event.SignalCame(signal));
        turn();
    }

    void tell(int pid, Message.FromWorker message) {
        events.add(new Event.Told(id(pid), message));
        turn();
    }

    void ready(int pid) {
        beats.put(pid, now);
        tell(pid, new Message.Ready("app"));
    }

    void channelCloses(int pid) {
        events.add(new Event.ChannelClosed(id(pid)));
        turn();
    }

    void die(int pid, WaitStatus status) {
        zombies.add(new Reaped(pid, status));
        beats.remove(pid);
    }

    void dieNow(int pid, WaitStatus status) {
        die(pid, status);
        turn();
    }

    /** What a worker has said, but nobody has read yet when it is reaped. */
    void unheard(int pid, Message.FromWorker message) {
        lastWords.put(pid, message);
    }

    /** No worker of the generation can be started. */
    void loseFiles(int generation) {
        lost.add(generation);
    }

    void findFiles(int generation) {
        lost.remove(generation);
    }

    /** Whoever boots cannot, and ends. */
    void bootFails() {
        for (WorkerHandle worker : arbiter.table().snapshot()) {
            if (worker.state() == WorkerState.SPAWNED) {
                tell(worker.pid(), new Message.BootFailed(Message.BootFailed.Cause.LOAD, "no such class"));
                dieNow(worker.pid(), WaitStatus.ofExit(4));
            }
        }
    }

    void prepared(int generation, int workers) {
        events.add(new Event.Prepared(generation, policy(workers)));
        turn();
    }

    private long id(int pid) {
        return ids.getOrDefault(pid, -1L);
    }

    /** Returns and forgets what was written down. */
    List<String> happened() {
        List<String> all = List.copyOf(notes);
        notes.clear();
        return all;
    }

    private void note(String what) {
        notes.add(what);
    }

    @Override
    public int spawn(long id, int slot, int generation, int row) throws IOException {
        if (failingSpawns > 0) {
            failingSpawns--;
            throw new IOException("no more processes");
        }
        if (lost.contains(generation)) {
            throw new LostException("its files are gone");
        }
        int pid = nextPid++;
        ids.put(pid, id);
        note("spawn " + pid + " slot=" + slot + " gen=" + generation);
        return pid;
    }

    @Override
    public void tell(WorkerHandle worker, Message.ToWorker message) {
        note(message.getClass().getSimpleName() + " " + worker.pid());
    }

    @Override
    public void kill(WorkerHandle worker) {
        note("kill " + worker.pid());
    }

    @Override
    public @Nullable Reaped reap() {
        return zombies.poll();
    }

    @Override
    public void hearOut(WorkerHandle worker) {
        Message.FromWorker words = lastWords.remove(worker.pid());
        if (words != null) {
            events.add(new Event.Told(worker.id(), words));
        }
    }

    @Override
    public long lastBeat(WorkerHandle worker) {
        return beats.getOrDefault(worker.pid(), 0L);
    }

    @Override
    public void release(WorkerHandle worker) {}

    @Override
    public long outOfMemoryKills() {
        return kernelKills;
    }

    @Override
    public void shut() {
        note("doors shut");
    }

    @Override
    public boolean empty() {
        return queueEmpty;
    }

    @Override
    public void close() {
        note("doors closed");
    }

    @Override
    public void prepare(int generation) {
        note("prepare " + generation);
    }

    @Override
    public void promoted(int generation) {
        note("promoted " + generation);
    }

    @Override
    public void promoted(int generation, int workers, long took) {
        note("complete " + generation + " after " + took);
    }

    @Override
    public void forget(int generation) {
        note("forget " + generation);
    }

    @Override
    public void ignored(Signal signal, String why) {
        note("ignored " + signal);
    }

    @Override
    public void reloadQueued() {
        note("reload queued");
    }

    @Override
    public void reloadRefused(String reason) {
        note("refused " + reason);
    }

    @Override
    public void reloadFailed(int generation, int proven, String reason) {
        note("reload failed " + generation + ": " + reason);
    }

    @Override
    public void spawnFailed(int slot, int generation, String reason) {
        note("spawn failed slot=" + slot + ": " + reason);
    }

    @Override
    public void gateClosed(WorkerHandle worker, int connections) {
        note("gate closed " + worker.pid() + " " + connections + " " + worker.state());
    }

    @Override
    public void late(WorkerHandle worker, String what) {
        note("late " + worker.pid() + ": " + what);
    }

    @Override
    public void exited(WorkerHandle worker, Exit exit) {
        if (journalFails) {
            throw new IllegalStateException("what is to be told makes no sense");
        }
        note("exited " + worker.pid() + " " + exit.kind());
    }

    @Override
    public void foreignChild(Reaped reaped) {
        note("foreign " + reaped.pid());
    }

    @Override
    public void suspended(long millis) {
        note("suspended");
    }

    @Override
    public void gaveUp(Exit first) {
        note("gave up " + first.kind());
    }
}
