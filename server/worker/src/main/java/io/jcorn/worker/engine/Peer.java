package io.jcorn.worker.engine;

/** What serves an accepted connection at the moment, whatever it speaks. Confined to the event loop. */
interface Peer {

    /** Looks at the deadlines, at the engine's clock. Also called when the worker begins to drain or is abandoned. */
    void sweep(long now);

    /** Returns how many bytes of responses the kernel has not taken yet. */
    long bytesOnTheWay();

    /**
     * The channel is closed: what is in flight on it ends, and whoever waits for something of it is told. Called once, before the
     * handlers of the pipeline hear of it, and whatever has become of them.
     */
    void lost();
}
