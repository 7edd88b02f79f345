package io.jcorn.examples.misbehaving;

/**
 * Cannot be loaded: a library that it needs is not there.
 *
 * <p>What jcorn does: no worker of the first generation gets ready, so the master shows the error once, stops and exits
 * with 4. On a reload the old generation stays.
 */
public final class FailsToLoad extends Misbehaving {

    static {
        try {
            Class.forName("com.example.billing.Client");
        } catch (ClassNotFoundException e) {
            throw (Error) new NoClassDefFoundError("com/example/billing/Client").initCause(e);
        }
    }
}
