package io.jcorn.examples.misbehaving;

import com.sun.net.httpserver.HttpExchange;

/**
 * Ends its process in the middle of a request.
 *
 * <p>What jcorn does: the master says that the application ended the worker with code 7 and replaces it. The request is lost, and with it
 * what else was in flight in that worker.
 */
public final class Exits extends Misbehaving {

    @Override
    void misbehave(HttpExchange exchange) {
        System.exit(7);
    }
}
