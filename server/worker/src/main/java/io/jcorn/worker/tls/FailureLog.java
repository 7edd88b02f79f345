package io.jcorn.worker.tls;

import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import java.util.concurrent.TimeUnit;

/** Tells of failed handshakes: every one to who debugs, one a minute to everybody else. Confined to the event loop. */
final class FailureLog {

    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Log log;
    private long quietUntil;
    private boolean spoken;
    private long unsaid;

    FailureLog(Log log) {
        this.log = log;
    }

    /** Tells of one, by the engine's clock. */
    void failed(Object client, String reason, long now) {
        if (spoken && now - quietUntil < 0) {
            unsaid++;
            if (log.enabled(LogLevel.DEBUG)) {
                log.debug("A TLS handshake failed, with " + client + ": " + reason);
            }
            return;
        }
        log.info("A TLS handshake failed, with " + client + ": " + reason
                + (unsaid == 0 ? "" : " (and " + unsaid + " more since the last line like this)"));
        unsaid = 0;
        spoken = true;
        quietUntil = now + PAUSE_NANOS;
    }
}
