package io.jcorn.master.arbiter;

import io.jcorn.master.arbiter.Target.Phase;
import io.jcorn.master.posix.Signal;

/**
 * The part of a reload before it rolls: reading the configuration, copying the application, elsewhere. One runs at a time; who
 * asks meanwhile is served by one more after it, since what he changed may have been read already.
 */
final class Preparation {

    private final Generations generations;
    private final Journal journal;
    private int latest = 1;
    private boolean running;
    private boolean healing;
    private boolean again;

    Preparation(Generations generations, Journal journal) {
        this.generations = generations;
        this.journal = journal;
    }

    /** Whether a generation is being prepared. */
    boolean running() {
        return running;
    }

    /** Whether the generation being prepared only replaces one that was lost: nobody changed anything. */
    boolean healing() {
        return healing;
    }

    /** The wanted generation was lost. Once another one is being prepared, the failing spawns of the old one ask for nothing more. */
    void heal(Phase phase) {
        if (phase == Phase.SERVING && !running) {
            healing = true;
            running = true;
            generations.prepare(++latest);
        }
    }

    /** Somebody asks for a reload. */
    void begin(Phase phase) {
        if (phase != Phase.SERVING) {
            journal.ignored(Signal.HUP, "the server is stopping");
        } else if (running) {
            again = true;
            journal.reloadQueued();
        } else {
            running = true;
            generations.prepare(++latest);
        }
    }

    /** What was prepared has arrived, or was refused. */
    void ended(Phase phase) {
        running = false;
        healing = false;
        if (again) {
            again = false;
            begin(phase);
        }
    }
}
