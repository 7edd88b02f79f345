package io.jcorn.master.arbiter;

import io.jcorn.master.arbiter.Target.Phase;
import io.jcorn.wire.Message.Gate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides what to do next: (worker table, target, clock) → actions. It knows no process, no clock and no log, keeps
 * nothing from one call to the next, and changes nothing.
 *
 * <p>What keeps a reload safe is arithmetic, not order of events:
 *
 * <pre>
 *   live  = SPAWNED + READY      a spawn of the wanted generation needs   live  <  workers + surge
 *   ready = READY                a drain of another generation needs      ready >  workers - maxUnavailable
 * </pre>
 */
final class Reconciler {

    /**
     * What to do and how long to sleep.
     *
     * @param actions in the order in which they are to be done
     * @param wakeAt when to decide again if nothing happens before, in milliseconds; {@link WorkerHandle#NEVER} if only an
     *     event can change anything
     */
    record Plan(List<Action> actions, long wakeAt) {}

    private static final String STOPPING = "the server stops";

    private Reconciler() {}

    /** Decides. */
    static Plan plan(WorkerTable table, Target target, long now) {
        Draft draft = new Draft(table, target, now);
        draft.mindDeadlines();
        if (target.phase() == Phase.SERVING) {
            draft.serve();
        } else {
            draft.stop();
        }
        draft.forgetGenerations();
        return new Plan(draft.actions, draft.wakeAt);
    }

    /** One decision in the making. The counts move with the actions, so that one plan never overshoots. */
    private static final class Draft {
        private final WorkerTable table;
        private final Target target;
        private final long now;
        private final List<Action> actions = new ArrayList<>();
        private long wakeAt = WorkerHandle.NEVER;
        private int live;
        private int ready;
        private boolean trialTaken;
        private boolean candidateBoots;
        private boolean candidateDoomed;
        private final Set<WorkerHandle> leaving = new HashSet<>();

        Draft(WorkerTable table, Target target, long now) {
            this.table = table;
            this.target = target;
            this.now = now;
            for (WorkerHandle worker : table.all()) {
                live += worker.state().live() ? 1 : 0;
                ready += worker.state() == WorkerState.READY ? 1 : 0;
                boolean candidate = worker.generation() == target.wanted();
                candidateBoots |= candidate && worker.state() == WorkerState.SPAWNED;
                candidateDoomed |= candidate && doomed(worker);
            }
        }

        void mindDeadlines() {
            for (WorkerHandle worker : table.all()) {
                if (worker.deadline() > now) {
                    wakeAt = Math.min(wakeAt, worker.deadline());
                    continue;
                }
                switch (worker.state()) {
                    case SPAWNED, READY, DRAINING ->
                        actions.add(
                                target.phase() == Phase.QUITTING ? new Action.Kill(worker) : new Action.Dump(worker));
                    case LATE, KILLED -> actions.add(new Action.Kill(worker));
                    case GONE -> {}
                }
                if (worker.state().live()) {
                    live--;
                    ready -= worker.state() == WorkerState.READY ? 1 : 0;
                }
            }
        }

        void serve() {
            if (awaitingVerdict()) {
                return;
            }
            retireSurplus();
            dismissStrangers();
            retireReplaced();
            makeRoom();
            for (int slot = 0; slot < target.workers(); slot++) {
                fill(slot);
            }
            noticeLasting();
            promote();
        }

        /**
         * While nobody was ever ready and somebody has failed, nobody is respawned: the others of the first round may still
         * make it. The last one to fail ends it all. Who is about to fail counts: his slot is empty before it is known why.
         */
        private boolean awaitingVerdict() {
            if (target.everReady()) {
                return false;
            }
            if (table.failedBoots() == 0) {
                return table.all().stream().anyMatch(this::doomed);
            }
            if (table.isEmpty()) {
                actions.add(new Action.GiveUp());
            }
            return true;
        }

        /**
         * Whether the worker will never be ready, by no wish of the master's, and has not been reaped: it hung up, or its time
         * is over. Only its exit status tells whether its application is to blame.
         */
        private boolean doomed(WorkerHandle worker) {
            boolean hopeful = worker.state() == WorkerState.SPAWNED && inTime(worker);
            return !hopeful && !worker.wasReady() && !worker.asked() && !worker.announced();
        }

        private void retireSurplus() {
            for (WorkerHandle worker : table.all()) {
                if (worker.slot() >= target.workers() && usable(worker) && mayLeave(worker)) {
                    drain(worker, "fewer workers are wanted");
                }
            }
        }

        /** Whoever still boots for a reload that failed or was overtaken never gets to replace anybody. */
        private void dismissStrangers() {
            for (WorkerHandle worker : table.all()) {
                boolean stranger = worker.generation() != target.wanted() && worker.generation() != target.proven();
                if (stranger && usable(worker) && worker.state() == WorkerState.SPAWNED) {
                    drain(worker, "generation " + worker.generation() + " is not wanted any more");
                }
            }
        }

        /**
         * Where a better worker is ready in a slot, the others of that slot may go: one of the wanted generation is best, one of
         * the proven next. Without the second rule a slot that a failed reload left with two old workers would use up the
         * surge for ever.
         */
        private void retireReplaced() {
            for (WorkerHandle worker : table.all()) {
                if (usable(worker) && betterIsReady(worker) && mayLeave(worker)) {
                    boolean replaced = successorReady(worker.slot());
                    drain(worker, replaced ? "replaced by generation " + target.wanted() : "one too many in its slot");
                }
            }
        }

        private boolean betterIsReady(WorkerHandle worker) {
            for (WorkerHandle other : table.all()) {
                boolean rival = other.slot() == worker.slot() && other.state() == WorkerState.READY && usable(other);
                if (rival && rank(other) > rank(worker)) {
                    return true;
                }
                if (rival && rank(other) == rank(worker) && other.id() < worker.id()) {
                    return true;
                }
            }
            return false;
        }

        private int rank(WorkerHandle worker) {
            if (worker.generation() == target.wanted()) {
                return 2;
            }
            return worker.generation() == target.proven() ? 1 : 0;
        }

        /** Without surge a place must become empty first: as many ready workers leave as may be missing. */
        private void makeRoom() {
            if (target.maxSurge() > 0 || firstCandidateBoots() || firstCandidateFails()) {
                return;
            }
            for (WorkerHandle worker : table.all()) {
                boolean old = worker.generation() != target.wanted() && worker.state() == WorkerState.READY;
                if (old && usable(worker) && live >= target.workers() && mayLeave(worker)) {
                    drain(worker, "making room for generation " + target.wanted());
                    if (target.rolling() && !target.wantedReady()) {
                        return;
                    }
                }
            }
        }

        private void fill(int slot) {
            boolean empty = true;
            for (WorkerHandle worker : table.all()) {
                if (worker.slot() == slot && usable(worker)) {
                    if (worker.generation() == target.wanted()) {
                        return;
                    }
                    empty = false;
                }
            }
            int generation = empty ? generationForEmptySlot() : target.wanted();
            if (table.isLost(generation)) {
                // Its successor is being prepared.
                return;
            }
            boolean candidate = target.rolling() && generation == target.wanted();
            if (candidate && (firstCandidateFails() || (firstCandidateBoots() && readyOfOthers() > 0))) {
                return;
            }
            if (live < target.workers() + target.maxSurge()) {
                spawn(slot, generation);
            }
        }

        /** A dead worker is replaced by what is known to work, if it still exists; the roll comes to its slot in its turn. */
        private int generationForEmptySlot() {
            if (!target.rolling() || target.wantedReady()) {
                return target.wanted();
            }
            boolean noneLeft = readyOfOthers() == 0 || table.isLost(target.proven());
            boolean untried = !candidateDoomed && (noneLeft || roomWasMade());
            return untried ? target.wanted() : target.proven();
        }

        private boolean roomWasMade() {
            return target.maxSurge() == 0 && !firstCandidateBoots();
        }

        private void spawn(int slot, int generation) {
            CrashLoop crashLoop = table.crashLoop();
            long earliest = crashLoop.earliest(slot);
            if (earliest > now) {
                wakeAt = Math.min(wakeAt, earliest);
                return;
            }
            boolean trial = crashLoop.onTrial(slot);
            if (trial && trialTaken) {
                return;
            }
            trialTaken |= trial;
            actions.add(new Action.Spawn(slot, generation));
            live++;
            candidateBoots |= generation == target.wanted();
        }

        private void noticeLasting() {
            for (WorkerHandle worker : table.all()) {
                // One that was there before the failures proves nothing about them.
                boolean younger = worker.spawnedAt() >= table.crashLoop().lastFailure(worker.slot());
                boolean failing = table.crashLoop().failuresInARow(worker.slot()) > 0;
                if (worker.state() != WorkerState.READY || !failing || !younger) {
                    continue;
                }
                long lasts = worker.readyAt() + CrashLoop.LASTS;
                if (lasts <= now) {
                    actions.add(new Action.Trust(worker));
                } else {
                    wakeAt = Math.min(wakeAt, lasts);
                }
            }
        }

        private void promote() {
            if (target.proven() == target.wanted() || !target.everReady()) {
                return;
            }
            int filled = 0;
            for (WorkerHandle worker : table.all()) {
                if (usable(worker) && worker.generation() != target.wanted()) {
                    return;
                }
                boolean counts = usable(worker) && worker.state() == WorkerState.READY;
                filled += counts && worker.slot() < target.workers() ? 1 : 0;
            }
            if (filled >= target.workers()) {
                actions.add(new Action.Promote(target.wanted()));
            }
        }

        void stop() {
            for (WorkerHandle worker : table.all()) {
                if (target.phase() == Phase.QUITTING) {
                    hurry(worker);
                } else if (usable(worker)) {
                    // Nobody has sent a booting worker a request yet; it need not become ready to leave.
                    Gate gate = target.phase() == Phase.EMPTYING ? Gate.KEEP_OPEN : Gate.CLOSE;
                    actions.add(new Action.Drain(worker, gate, STOPPING));
                }
            }
            if (table.isEmpty() && target.phase() != Phase.EMPTYING) {
                actions.add(new Action.Halt());
            }
        }

        private void hurry(WorkerHandle worker) {
            switch (worker.state()) {
                case SPAWNED, READY, DRAINING -> {
                    if (!worker.quitSent() && inTime(worker)) {
                        actions.add(new Action.Quit(worker, STOPPING));
                    }
                }
                case LATE -> {
                    if (inTime(worker)) {
                        actions.add(new Action.Kill(worker));
                    }
                }
                case KILLED, GONE -> {}
            }
        }

        void forgetGenerations() {
            for (int generation : table.generations()) {
                if (generation == target.wanted() || generation == target.proven()) {
                    continue;
                }
                if (table.all().stream().noneMatch(worker -> worker.generation() == generation)) {
                    actions.add(new Action.Forget(generation));
                }
            }
        }

        private void drain(WorkerHandle worker, String because) {
            actions.add(new Action.Drain(worker, Gate.CLOSE, because));
            leaving.add(worker);
            live--;
            ready -= worker.state() == WorkerState.READY ? 1 : 0;
        }

        /** Whether the worker fills its slot, now and after this plan. */
        private boolean usable(WorkerHandle worker) {
            return worker.state().live() && inTime(worker) && !leaving.contains(worker);
        }

        private boolean inTime(WorkerHandle worker) {
            return worker.deadline() > now;
        }

        /** Whether the others suffice without this one. */
        private boolean mayLeave(WorkerHandle worker) {
            return worker.state() != WorkerState.READY || ready > target.workers() - target.maxUnavailable();
        }

        private boolean successorReady(int slot) {
            return table.all().stream()
                    .anyMatch(worker -> worker.slot() == slot
                            && worker.generation() == target.wanted()
                            && worker.state() == WorkerState.READY
                            && usable(worker));
        }

        private int readyOfOthers() {
            int count = 0;
            for (WorkerHandle worker : table.all()) {
                boolean other = worker.generation() != target.wanted() && worker.state() == WorkerState.READY;
                count += other && usable(worker) ? 1 : 0;
            }
            return count;
        }

        /** Whether the wanted generation is still to show that it works, and is being tried. */
        private boolean firstCandidateBoots() {
            return target.rolling() && !target.wantedReady() && candidateBoots;
        }

        /** Whether it has been tried and will not work, most likely: the reload ends when that worker is reaped. */
        private boolean firstCandidateFails() {
            return target.rolling() && !target.wantedReady() && candidateDoomed;
        }
    }
}
