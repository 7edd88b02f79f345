package io.jcorn.master.arbiter;

import io.jcorn.master.posix.Reaped;
import io.jcorn.master.posix.Signal;
import io.jcorn.master.posix.WaitStatus;
import io.jcorn.wire.Message;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A machine on which an arbiter runs: processes, signals and time, all from one seed. It lets everything go wrong that can
 * go wrong, and checks at each step what must never happen.
 */
final class SimulatedWorld implements Crew, Doors, Generations, Journal {

    /** How the application of one generation behaves. */
    private enum Quality {
        GOOD,
        CANNOT_LOAD,
        HANGS_IN_BOOT,
        FLAKY,
        DIES_SOON
    }

    private static final class Child {
        final long id;
        final int pid;
        final int generation;
        final int row;
        boolean hung;
        long hungSince;
        boolean dead;
        boolean ready;
        boolean askedToLeave;
        boolean accepting;

        Child(long id, int pid, int generation, int row) {
            this.id = id;
            this.pid = pid;
            this.generation = generation;
            this.row = row;
        }
    }

    private record Due(long at, long order, Runnable what) {}

    private static final class Streak {
        int failures;
        long last;
    }

    final Queue<Event> events = new ArrayDeque<>();
    final Policy policy;
    private final SplittableRandom random;
    private final List<String> history = new ArrayList<>();
    private final PriorityQueue<Due> schedule =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
    private final Map<Integer, Child> processes = new HashMap<>();
    private final ArrayDeque<Reaped> zombies = new ArrayDeque<>();
    private final Map<Integer, Quality> qualities = new HashMap<>();
    private final Set<Integer> failedGenerations = new HashSet<>();
    private final Set<Integer> forgotten = new HashSet<>();
    private final Set<Integer> lost = new HashSet<>();
    private final Set<Integer> lossesTold = new HashSet<>();
    private final Map<Integer, Streak> streaks = new HashMap<>();
    private final boolean recording;
    private long now = 1_000_000;
    private long order;
    private int nextPid = 100;
    private boolean kind;
    private boolean doorsClosed;
    private boolean doorsShut;
    private int queued;
    private long kernelKills;
    private @Nullable Arbiter arbiter;
    private int spawns;
    private int reaps;
    private boolean everReady;
    private boolean firstRoundFailed;
    private boolean spawnFailed;

    SimulatedWorld(long seed, boolean recording) {
        this.random = new SplittableRandom(seed);
        this.recording = recording;
        int surge = random.nextInt(3);
        int unavailable = surge == 0 ? 1 : random.nextInt(2);
        this.policy = policy(1 + random.nextInt(4), surge, unavailable);
        qualities.put(1, quality());
    }

    private Policy policy(int workers, int surge, int unavailable) {
        return new Policy(workers, surge, unavailable, 1_000, random.nextInt(3) == 0 ? 0 : 600, 1_000);
    }

    private Quality quality() {
        return random.nextInt(3) == 0 ? Quality.values()[random.nextInt(Quality.values().length)] : Quality.GOOD;
    }

    void govern(Arbiter arbiter) {
        this.arbiter = arbiter;
    }

    Arbiter arbiter() {
        return java.util.Objects.requireNonNull(arbiter);
    }

    long now() {
        return now;
    }

    List<String> history() {
        return history;
    }

    // What happens by chance.

    /** Something happens, then the arbiter takes a turn. */
    void step() {
        switch (random.nextInt(25)) {
            case 0, 1 -> signal(Signal.HUP);
            case 2 -> signal(random.nextBoolean() ? Signal.TTIN : Signal.TTOU);
            case 3 -> signal(Signal.USR1);
            case 4, 5 -> killSomebody();
            case 6 -> hangSomebody();
            case 7 -> somebodyLeaves();
            case 8 -> suspend();
            case 9 -> everybodyDies();
            case 10 -> strangerDies();
            case 11 -> rareSignal();
            case 12 -> filesAreRemoved();
            default -> pass(random.nextInt(400));
        }
        turn();
    }

    private void rareSignal() {
        switch (random.nextInt(12)) {
            case 0 -> signal(Signal.TERM);
            case 1 -> signal(Signal.INT);
            case 2 -> signal(Signal.WINCH);
            case 3 -> kernelKillsSomebody();
            default -> pass(5_000);
        }
    }

    void signal(Signal signal) {
        note("signal " + signal);
        if (signal == Signal.TERM) {
            queued = random.nextInt(4);
        }
        events.add(new Event.SignalCame(signal));
    }

    /** Time passes: due things happen and the arbiter wakes when it wants to. */
    void pass(long millis) {
        long end = now + millis;
        while (!arbiter().done()) {
            Due due = schedule.peek();
            long next = Math.min(
                    due == null ? Long.MAX_VALUE : due.at(),
                    Math.max(now, arbiter().wakeAt()));
            if (next > end) {
                break;
            }
            now = Math.max(now, next);
            runDue();
            turn();
        }
        now = Math.max(now, end);
    }

    private void runDue() {
        while (!schedule.isEmpty() && schedule.peek().at() <= now) {
            schedule.remove().what().run();
        }
    }

    void beKind() {
        note("from here on everything is well");
        kind = true;
        for (Child process : processes.values()) {
            process.hung = false;
        }
    }

    private void turn() {
        if (!arbiter().done()) {
            arbiter().turn();
            check();
        }
    }

    private void at(long delay, Runnable what) {
        schedule.add(new Due(now + delay, ++order, what));
    }

    private @Nullable Child somebody() {
        List<Child> alive =
                processes.values().stream().filter(process -> !process.dead).toList();
        return alive.isEmpty() ? null : alive.get(random.nextInt(alive.size()));
    }

    private void killSomebody() {
        Child victim = somebody();
        if (victim != null) {
            note("kill -9 " + victim.pid);
            die(victim, WaitStatus.ofSignal(Signal.KILL));
        }
    }

    private void kernelKillsSomebody() {
        kernelKills++;
        killSomebody();
    }

    private void everybodyDies() {
        if (random.nextInt(4) == 0) {
            note("everybody dies");
            new ArrayList<>(processes.values()).forEach(process -> die(process, WaitStatus.ofSignal(Signal.SEGV)));
        }
    }

    private void hangSomebody() {
        Child victim = somebody();
        if (victim != null && !victim.hung) {
            note("hang " + victim.pid);
            victim.hung = true;
            victim.hungSince = now;
        }
    }

    private void somebodyLeaves() {
        Child victim = somebody();
        if (victim != null && victim.ready && !victim.hung) {
            note("TERM to worker " + victim.pid);
            events.add(new Event.Told(victim.id, new Message.Leaving("signal TERM")));
            leave(victim, random.nextInt(900));
        }
    }

    private void filesAreRemoved() {
        int generation = arbiter().target().wanted();
        if (everReady && random.nextInt(3) == 0 && lost.add(generation)) {
            note("the files of generation " + generation + " are removed");
        }
    }

    private void strangerDies() {
        zombies.add(new Reaped(9, WaitStatus.ofExit(0)));
    }

    private void suspend() {
        note("suspended");
        now += 10_000 + random.nextInt(100_000);
        for (Child process : processes.values()) {
            if (process.hung) {
                process.hungSince = now;
            }
        }
        runDue();
    }

    private void die(Child process, WaitStatus status) {
        if (process.dead) {
            return;
        }
        process.dead = true;
        Runnable closed = () -> events.add(new Event.ChannelClosed(process.id));
        Runnable ended = () -> zombies.add(new Reaped(process.pid, status));
        // The kernel closes a process's files before it makes its status known; which the master notices first is open.
        switch (random.nextInt(3)) {
            case 0 -> {
                ended.run();
                closed.run();
            }
            case 1 -> {
                ended.run();
                at(random.nextInt(20), closed);
            }
            default -> {
                closed.run();
                at(random.nextInt(20), ended);
            }
        }
    }

    private void closeGate(Child process, long delay) {
        at(delay, () -> {
            if (!process.dead && !process.hung && process.accepting) {
                process.accepting = false;
                events.add(new Event.Told(process.id, new Message.GateClosed(0)));
            }
        });
    }

    private void leave(Child process, long delay) {
        process.askedToLeave = true;
        at(delay, () -> {
            if (!process.dead && !process.hung) {
                process.accepting = false;
                events.add(new Event.Told(process.id, new Message.Drained(0)));
                at(random.nextInt(50), () -> die(process, WaitStatus.ofExit(0)));
            }
        });
    }

    // The machine, as the arbiter sees it.

    @Override
    public int spawn(long id, int slot, int generation, int row) throws IOException {
        expect(!forgotten.contains(generation), "spawn of a forgotten generation " + generation);
        expect(!doorsClosed, "spawn after the listeners were closed");
        Target target = arbiter().target();
        long live = arbiter().table().all().stream()
                .filter(worker -> worker.state().live() && worker.slot() < target.workers())
                .count();
        expect(live < target.workers() + target.maxSurge(), "too many live workers: " + live);
        expect(!failedGenerations.contains(generation), "spawn of the failed generation " + generation);
        noSecondTry(generation);
        noStorm(slot);
        for (Child process : processes.values()) {
            expect(process.row != row, "row " + row + " is taken");
        }
        spawns++;
        if (lost.contains(generation)) {
            note("spawn of the lost generation " + generation);
            expect(lossesTold.add(generation), "spawned again while another one is prepared: " + generation);
            fail(slot);
            throw new LostException("its files were removed");
        }
        if (!kind && random.nextInt(60) == 0) {
            note("spawn fails");
            spawnFailed = true;
            fail(slot);
            throw new IOException("no more processes");
        }
        Child process = new Child(id, nextPid++, generation, row);
        processes.put(process.pid, process);
        note("spawn " + process.pid + " slot=" + slot + " gen=" + generation);
        boot(process, kind ? Quality.GOOD : qualities.getOrDefault(generation, Quality.GOOD));
        return process.pid;
    }

    private void boot(Child process, Quality quality) {
        switch (quality) {
            case GOOD -> becomesReady(process);
            case FLAKY -> {
                if (random.nextBoolean()) {
                    becomesReady(process);
                } else {
                    cannotLoad(process);
                }
            }
            case DIES_SOON -> {
                becomesReady(process);
                at(900 + random.nextInt(3_000), () -> die(process, WaitStatus.ofExit(1)));
            }
            case CANNOT_LOAD -> cannotLoad(process);
            case HANGS_IN_BOOT -> {}
        }
    }

    private void becomesReady(Child process) {
        at(random.nextInt(800), () -> {
            if (!process.dead && !process.hung && !process.askedToLeave) {
                process.ready = true;
                process.accepting = true;
                events.add(new Event.Told(process.id, new Message.Ready("app")));
            }
        });
    }

    private void cannotLoad(Child process) {
        boolean silently = random.nextInt(3) == 0;
        at(random.nextInt(300), () -> {
            if (!process.dead && !silently) {
                events.add(new Event.Told(
                        process.id, new Message.BootFailed(Message.BootFailed.Cause.LOAD, "no such class")));
            }
            at(random.nextInt(30), () -> die(process, WaitStatus.ofExit(4)));
        });
    }

    @Override
    public void tell(WorkerHandle worker, Message.ToWorker message) {
        Child process = processes.get(worker.pid());
        if (process == null || process.dead) {
            return;
        }
        if (message instanceof Message.Drain drain) {
            drainIsAllowed(worker);
            if (drain.gate() == Message.Gate.CLOSE) {
                closeGate(process, random.nextInt(300));
            }
            leave(process, random.nextInt(kind ? 900 : 2_500));
        } else if (message instanceof Message.CloseGate) {
            closeGate(process, random.nextInt(300));
        } else if (message instanceof Message.Quit) {
            leave(process, random.nextInt(kind ? 900 : 2_500));
        } else if (message instanceof Message.DumpRequest && !process.ready && random.nextInt(3) == 0) {
            at(random.nextInt(4_000), () -> {
                if (!process.dead) {
                    events.add(new Event.Told(
                            process.id, new Message.BootFailed(Message.BootFailed.Cause.BOOT, "it listens elsewhere")));
                }
            });
        } else if (message instanceof Message.DumpRequest && random.nextInt(3) > 0) {
            at(random.nextInt(2_000), () -> events.add(new Event.Told(process.id, new Message.Dump("stacks"))));
        }
    }

    private void drainIsAllowed(WorkerHandle leaving) {
        Target target = arbiter().target();
        if (target.phase() != Target.Phase.SERVING || !leaving.wasReady()) {
            return;
        }
        int others = arbiter().table().count(WorkerState.READY);
        expect(
                others >= target.workers() - target.maxUnavailable(),
                "drain of " + leaving + " leaves only " + others + " ready of " + target.workers());
    }

    @Override
    public void kill(WorkerHandle worker) {
        Child process = processes.get(worker.pid());
        if (process != null) {
            process.accepting = false;
            at(random.nextInt(10), () -> die(process, WaitStatus.ofSignal(Signal.KILL)));
        }
    }

    @Override
    public @Nullable Reaped reap() {
        Reaped reaped = zombies.poll();
        if (reaped != null && reaped.pid() != 9) {
            expect(processes.remove(reaped.pid()) != null, "reaped twice: " + reaped.pid());
            reaps++;
        }
        return reaped;
    }

    @Override
    public long lastBeat(WorkerHandle worker) {
        Child process = processes.get(worker.pid());
        return process != null && process.hung ? process.hungSince : now;
    }

    @Override
    public void release(WorkerHandle worker) {
        expect(!processes.containsKey(worker.pid()), "released before it was reaped: " + worker);
    }

    @Override
    public long outOfMemoryKills() {
        return kernelKills;
    }

    @Override
    public void shut() {
        doorsShut = true;
    }

    @Override
    public boolean empty() {
        expect(doorsShut, "looked at the queue of an open door");
        queued = Math.max(0, queued - random.nextInt(2));
        return queued == 0;
    }

    @Override
    public void close() {
        expect(!doorsClosed, "listeners closed twice");
        doorsClosed = true;
    }

    @Override
    public void prepare(int generation) {
        qualities.put(generation, kind ? Quality.GOOD : quality());
        boolean refused = !kind && random.nextInt(5) == 0;
        int workers = random.nextInt(4) == 0 ? 1 + random.nextInt(4) : policy.workers();
        Policy next = policy(workers, policy.maxSurge(), policy.maxUnavailable());
        at(
                random.nextInt(100),
                () -> events.add(refused ? new Event.Refused("bad") : new Event.Prepared(generation, next)));
    }

    @Override
    public void promoted(int generation) {
        expect(!failedGenerations.contains(generation), "promoted the failed generation " + generation);
    }

    @Override
    public void forget(int generation) {
        expect(forgotten.add(generation), "forgotten twice: " + generation);
        for (Child process : processes.values()) {
            expect(process.generation != generation, "forgot a generation that runs: " + generation);
        }
    }

    // What it hears from the arbiter.

    @Override
    public void reloadRefused(String reason) {
        lossesTold.clear();
    }

    @Override
    public void reloadFailed(int generation, int proven, String reason) {
        lossesTold.clear();
        note("reload of " + generation + " failed: " + reason);
        failedGenerations.add(generation);
    }

    @Override
    public void promoted(int generation, int workers, long took) {
        note("complete " + generation);
        for (Child process : processes.values()) {
            boolean serves = process.accepting && !process.dead && !process.hung;
            expect(
                    !serves || process.generation >= generation,
                    "generation " + generation + " is said to serve alone, but " + process.pid + " accepts");
        }
    }

    @Override
    public void reloadStarted(int generation) {
        note("reload " + generation);
        streaks.clear();
    }

    @Override
    public void exited(WorkerHandle worker, Exit exit) {
        note("exited " + worker.pid() + " slot=" + worker.slot() + " asked=" + worker.asked() + " " + exit.kind()
                + " before=" + arbiter().table().crashLoop().failuresInARow(worker.slot()));
        boolean counted = worker.generation() == arbiter().target().wanted()
                && exit.ownFault()
                && worker.bootFailure() == null
                && !worker.asked()
                && arbiter().target().phase() == Target.Phase.SERVING
                && !arbiter().target().rolling();
        if (counted) {
            fail(worker.slot());
        }
        boolean serving = arbiter().target().phase() == Target.Phase.SERVING;
        firstRoundFailed |= !everReady && exit.ownFault() && !exit.clean() && !worker.asked() && serving;
    }

    @Override
    public void cannotBoot(WorkerHandle worker, String reason) {
        note("cannot boot " + worker.pid());
        boolean serving = arbiter().target().phase() == Target.Phase.SERVING;
        firstRoundFailed |= !everReady && !worker.asked() && !worker.announced() && serving;
        boolean counted = worker.generation() == arbiter().target().wanted()
                && !worker.asked()
                && arbiter().target().phase() == Target.Phase.SERVING
                && !arbiter().target().rolling();
        if (counted) {
            fail(worker.slot());
        }
    }

    private void fail(int slot) {
        Streak streak = streaks.computeIfAbsent(slot, any -> new Streak());
        streak.failures++;
        streak.last = now;
    }

    @Override
    public void ready(WorkerHandle worker, String application, long took) {
        note("ready " + worker.pid());
        everReady = true;
        at(CrashLoop.LASTS, () -> {
            Streak streak = streaks.get(worker.slot());
            if (streak != null && streak.last <= worker.spawnedAt()) {
                streaks.remove(worker.slot());
            }
        });
    }

    /** Before anybody was ready nobody is tried twice; nor is a reload while a worker of it is failing. */
    private void noSecondTry(int generation) {
        expect(everReady || !firstRoundFailed, "respawned though nobody was ever ready and one has failed");
        Target target = arbiter().target();
        boolean untried = target.rolling() && !target.wantedReady() && generation == target.wanted();
        for (WorkerHandle worker : arbiter().table().all()) {
            boolean failing = !worker.wasReady()
                    && !worker.asked()
                    && !worker.announced()
                    && (!worker.state().live() || worker.deadline() <= now);
            boolean counts = !everReady || (untried && worker.generation() == generation);
            expect(!failing || !counts, "spawned while it is open why " + worker + " fails");
        }
    }

    private void noStorm(int slot) {
        Streak streak = streaks.get(slot);
        if (streak != null && streak.failures >= 2) {
            long wait = Math.min(CrashLoop.LONGEST_DELAY, CrashLoop.FIRST_DELAY << Math.min(10, streak.failures - 2));
            expect(
                    now - streak.last >= wait,
                    "slot " + slot + " is filled again only " + (now - streak.last) + " ms after failure "
                            + streak.failures);
        }
    }

    // What must hold after every step.

    private void check() {
        expect(zombies.isEmpty(), "zombies outlive a turn");
        // The others of the same plan are of the same round.
        firstRoundFailed |= spawnFailed && !everReady;
        for (WorkerHandle worker : arbiter().table().all()) {
            boolean patient = worker.state() == WorkerState.READY;
            expect(patient || worker.deadline() != WorkerHandle.NEVER, "no deadline: " + worker);
            expect(arbiter().wakeAt() <= Math.max(now, worker.deadline()), "sleeps past the deadline of " + worker);
            expect(processes.containsKey(worker.pid()), "a handle without a process: " + worker);
        }
        expect(processes.size() == arbiter().table().all().size(), "a process without a handle");
        if (arbiter().done()) {
            expect(processes.isEmpty(), "processes left behind: " + processes.keySet());
            expect(reaps <= spawns, "more reaped than spawned");
            expect(doorsClosed, "listeners left open");
        }
    }

    void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private void note(String what) {
        if (recording) {
            history.add(now + " " + what);
        }
    }
}
