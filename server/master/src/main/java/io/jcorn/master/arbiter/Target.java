package io.jcorn.master.arbiter;

/**
 * What the workers should look like. Stop, reload and scaling change this and nothing else.
 *
 * @param phase what the server is doing as a whole
 * @param workers how many workers there should be, at least 0
 * @param wanted the generation that every slot should have, from 1
 * @param proven the generation that a failed reload returns to: the newest that filled all slots; 0 while there is none
 * @param wantedReady whether a worker of the wanted generation was ever ready
 * @param everReady whether any worker was ever ready
 * @param maxSurge how many workers more than {@code workers} may be live while a reload rolls, at least 0
 * @param maxUnavailable how many ready workers fewer than {@code workers} a reload may leave, at least 0
 */
public record Target(
        Phase phase,
        int workers,
        int wanted,
        int proven,
        boolean wantedReady,
        boolean everReady,
        int maxSurge,
        int maxUnavailable) {

    /** What the server is doing as a whole. */
    public enum Phase {
        /** Serving: slots are filled, generations rolled. */
        SERVING,
        /** Stopping; the accept queues are not empty yet, so workers drain but keep accepting. */
        EMPTYING,
        /** Stopping; the listeners are closed and what is in flight is finished. */
        STOPPING,
        /** Stopping at once. */
        QUITTING
    }

    /** Whether a reload is rolling. */
    public boolean rolling() {
        return proven != 0 && wanted != proven;
    }

    Target phase(Phase phase) {
        return new Target(phase, workers, wanted, proven, wantedReady, everReady, maxSurge, maxUnavailable);
    }

    Target workers(int workers) {
        return new Target(phase, workers, wanted, proven, wantedReady, everReady, maxSurge, maxUnavailable);
    }

    /** Another generation is wanted. The first one need not have filled all slots to be what a failed reload returns to. */
    Target wanting(int generation, boolean ready) {
        int fallback = proven == 0 && wantedReady ? wanted : proven;
        return new Target(phase, workers, generation, fallback, ready, everReady, maxSurge, maxUnavailable);
    }

    Target rollingBy(int maxSurge, int maxUnavailable) {
        return new Target(phase, workers, wanted, proven, wantedReady, everReady, maxSurge, maxUnavailable);
    }

    Target provenNow() {
        return new Target(phase, workers, wanted, wanted, true, true, maxSurge, maxUnavailable);
    }

    /** A worker of this generation became ready. */
    Target sawReady(int generation) {
        return new Target(
                phase, workers, wanted, proven, wantedReady || generation == wanted, true, maxSurge, maxUnavailable);
    }
}
