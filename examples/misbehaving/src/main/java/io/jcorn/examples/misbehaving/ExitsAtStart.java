package io.jcorn.examples.misbehaving;

/**
 * Ends its process while it starts.
 *
 * <p>What jcorn does: no worker of the first generation gets ready, so the master exits with 3.
 */
public final class ExitsAtStart extends Misbehaving {

    /** Never returns. */
    public ExitsAtStart() {
        System.exit(7);
    }
}
