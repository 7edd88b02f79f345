package io.jcorn.master.arbiter;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Tells when a generation serves alone. It is promoted once its workers fill all slots; the last of the old ones has
 * only just been told to leave by then, and may take one more connection before it does. Whoever waits for the word
 * that the reload is complete relies on it: his next connection is served by the new generation.
 */
final class Completion {

    private record Promotion(int generation, int workers, long startedAt) {}

    private final WorkerTable table;
    private final Journal journal;
    private final Queue<Promotion> untold = new ArrayDeque<>();

    Completion(WorkerTable table, Journal journal) {
        this.table = table;
        this.journal = journal;
    }

    /**
     * All slots are filled by one generation.
     *
     * @param startedAt when it began, in milliseconds of the arbiter's clock, as {@code now}
     */
    void promoted(int generation, int workers, long startedAt, long now) {
        untold.add(new Promotion(generation, workers, startedAt));
        tellWhenTrue(now);
    }

    /** Tells of every promotion whose predecessors take no connection any more. */
    void tellWhenTrue(long now) {
        for (Promotion next = untold.peek(); next != null && servesAlone(next); next = untold.peek()) {
            untold.remove();
            journal.promoted(next.generation(), next.workers(), now - next.startedAt());
        }
    }

    private boolean servesAlone(Promotion promotion) {
        for (WorkerHandle worker : table.all()) {
            if (worker.generation() < promotion.generation() && worker.mayAccept()) {
                return false;
            }
        }
        return true;
    }
}
