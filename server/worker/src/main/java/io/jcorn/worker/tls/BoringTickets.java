package io.jcorn.worker.tls;

import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.util.Arrays;

/** Hands ticket keys to BoringSSL: the first makes tickets, all of them open tickets. */
final class BoringTickets {

    private BoringTickets() {}

    static void install(OpenSslSessionContext sessions, byte[][] keys) {
        // Tickets are what resumes sessions: a cache in one process is of no use to the next.
        sessions.setSessionCacheEnabled(false);
        sessions.setTicketKeys(Arrays.stream(keys).map(BoringTickets::key).toArray(OpenSslSessionTicketKey[]::new));
    }

    private static OpenSslSessionTicketKey key(byte[] bytes) {
        return new OpenSslSessionTicketKey(
                Arrays.copyOfRange(bytes, 0, 16), Arrays.copyOfRange(bytes, 16, 32), Arrays.copyOfRange(bytes, 32, 48));
    }
}
