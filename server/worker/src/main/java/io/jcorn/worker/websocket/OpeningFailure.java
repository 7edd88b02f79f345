package io.jcorn.worker.websocket;

import java.io.IOException;

/** The client's request is not the opening handshake of a WebSocket. */
public final class OpeningFailure extends IOException {

    private final int status;

    OpeningFailure(int status, String reason) {
        super(reason);
        this.status = status;
    }

    /** Returns the status that tells the client: 400 or 426. */
    public int status() {
        return status;
    }
}
