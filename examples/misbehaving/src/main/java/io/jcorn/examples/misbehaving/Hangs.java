package io.jcorn.examples.misbehaving;

import com.sun.net.httpserver.HttpExchange;

/**
 * Hangs in a request for ever.
 *
 * <p>What jcorn does: with {@code --threads 0} the event loop hangs with it, the heartbeat is late after
 * {@code --timeout}, the worker's threads are dumped into the log, it is killed and replaced. With {@code --threads N} one
 * of the N threads is gone; the worker stays alive until the last one is.
 */
public final class Hangs extends Misbehaving {

    @Override
    void misbehave(HttpExchange exchange) {
        Never.comes();
    }
}
