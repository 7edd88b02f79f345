package io.jcorn.examples.misbehaving;

import com.sun.net.httpserver.HttpExchange;

/**
 * Computes in a request for ever.
 *
 * <p>What jcorn does: the same as with {@link Hangs}. The thread dump names the loop.
 */
public final class BurnsCpu extends Misbehaving {

    private volatile long turns;

    @Override
    void misbehave(HttpExchange exchange) {
        long turn = 0;
        while (turn >= 0) {
            turn = (turn + 1) & Long.MAX_VALUE;
            turns = turn;
        }
    }

    /** How far it got; read by nobody, kept so that the loop is not optimised away. */
    long turns() {
        return turns;
    }
}
