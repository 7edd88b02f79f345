package io.jcorn.examples.misbehaving;

/**
 * Never finishes to start.
 *
 * <p>What jcorn does: after {@code --boot-timeout} the worker's threads are dumped into the log and it is killed; when no
 * worker of the first generation ever got ready, the master exits with 3.
 */
public final class HangsInConstructor extends Misbehaving {

    /** Never returns. */
    public HangsInConstructor() {
        Never.comes();
    }
}
