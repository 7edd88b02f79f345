package io.jcorn.agent.adopt;

import io.jcorn.wire.Log;
import jdk.internal.access.SharedSecrets;

/**
 * What is done after all shutdown hooks of the application have ended: a place that the JDK keeps for itself, and of which it uses the
 * first three. A JVM that exits waits 300 ms for threads that are in native code, as the agent's control thread is while it reads; it
 * is needed until then, and not any more.
 */
final class LastHook {

    private static final int FREE_SLOT = 5;

    private LastHook() {}

    static void install(HostedWorker worker, Log log) {
        try {
            SharedSecrets.getJavaLangAccess().registerShutdownHook(FREE_SLOT, false, new Runnable() {
                @Override
                public void run() {
                    worker.ended();
                }
            });
        } catch (LinkageError | RuntimeException e) {
            // A JDK without that place, or in which it is taken: the exit takes a moment longer.
            log.debug("No last hook: " + e);
        }
    }
}
