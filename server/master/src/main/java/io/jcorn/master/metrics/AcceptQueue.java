package io.jcorn.master.metrics;

import io.jcorn.master.listen.Listener;

/**
 * How many clients wait at a listener.
 *
 * @param address of the listener, with its real port
 * @param length connections that no worker has accepted yet; -1: the kernel does not say
 */
record AcceptQueue(String address, int length) {

    static AcceptQueue of(Listener listener) {
        return new AcceptQueue(listener.address(), listener.queued());
    }
}
