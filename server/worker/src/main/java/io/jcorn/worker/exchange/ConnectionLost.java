package io.jcorn.worker.exchange;

import java.io.IOException;

/** The client is gone, or was given up: what a read or write of the application then throws. */
public final class ConnectionLost extends IOException {
    /** A loss, told in a sentence. */
    public ConnectionLost(String message) {
        super(message);
    }

    /** The same loss, met again. */
    ConnectionLost(ConnectionLost first) {
        super(first.getMessage(), first);
    }
}
