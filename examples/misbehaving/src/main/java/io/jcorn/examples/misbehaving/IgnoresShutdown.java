package io.jcorn.examples.misbehaving;

/**
 * Does not stop when it is told to: {@link #close} never returns, and neither does its shutdown hook.
 *
 * <p>What jcorn does: after {@code --graceful-timeout} the worker writes its threads into the log and ends; the
 * stop or the reload goes on.
 */
public final class IgnoresShutdown extends Misbehaving implements AutoCloseable {

    /** Leaves a hook that keeps the JVM from ending. */
    public IgnoresShutdown() {
        Runtime.getRuntime().addShutdownHook(new Thread(Never::comes, "ignores-shutdown"));
    }

    @Override
    public void close() {
        Never.comes();
    }
}
