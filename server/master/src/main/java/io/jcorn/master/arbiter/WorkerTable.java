package io.jcorn.master.arbiter;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All workers that have not been forgotten yet, by birth number, and the generations that are still of use. */
final class WorkerTable {

    private final Map<Long, WorkerHandle> workers = new LinkedHashMap<>();
    private final BitSet rows = new BitSet();
    private final NavigableSet<Integer> generations = new TreeSet<>();
    private final Set<Integer> lost = new HashSet<>();
    private final CrashLoop crashLoop = new CrashLoop();
    private long births;
    private int failedBoots;

    /** Returns a birth number that was never used. */
    long nextId() {
        return ++births;
    }

    /** Returns a scoreboard row that no process uses, and takes it. */
    int takeRow() {
        int row = rows.nextClearBit(0);
        rows.set(row);
        return row;
    }

    /** Gives a row back. */
    void releaseRow(int row) {
        rows.clear(row);
    }

    void add(WorkerHandle worker) {
        workers.put(worker.id(), worker);
    }

    void remove(WorkerHandle worker) {
        workers.remove(worker.id());
        releaseRow(worker.row());
    }

    /** Returns every worker whose process has not been reaped, in order of birth. */
    Collection<WorkerHandle> all() {
        return workers.values();
    }

    /** Returns a copy of {@link #all} that may be walked while the table changes. */
    List<WorkerHandle> snapshot() {
        return new ArrayList<>(workers.values());
    }

    @Nullable
    WorkerHandle byId(long id) {
        return workers.get(id);
    }

    @Nullable
    WorkerHandle byPid(int pid) {
        for (WorkerHandle worker : workers.values()) {
            if (worker.pid() == pid) {
                return worker;
            }
        }
        return null;
    }

    /** Returns how many workers are in one state. */
    int count(WorkerState state) {
        int count = 0;
        for (WorkerHandle worker : workers.values()) {
            if (worker.state() == state) {
                count++;
            }
        }
        return count;
    }

    boolean isEmpty() {
        return workers.isEmpty();
    }

    /** Returns the generations whose snapshots exist, oldest first. */
    NavigableSet<Integer> generations() {
        return generations;
    }

    /** No process of this generation is left or will come. */
    void forget(int generation) {
        generations.remove(generation);
        lost.remove(generation);
    }

    /** Something that the workers of this generation need is gone. */
    void markLost(int generation) {
        lost.add(generation);
    }

    /** Whether no worker of this generation is to be started, since it would find its files gone. */
    boolean isLost(int generation) {
        return lost.contains(generation);
    }

    /** What was lost may be there again: the next spawn finds out. */
    void forgetLosses() {
        lost.clear();
    }

    /** Returns how many workers failed to boot by their own fault. */
    int failedBoots() {
        return failedBoots;
    }

    void countFailedBoot() {
        failedBoots++;
    }

    CrashLoop crashLoop() {
        return crashLoop;
    }
}
