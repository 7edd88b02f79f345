package io.jcorn.wire;

/**
 * How long clients may take; a part of the options of {@code handler} and {@code servlet} workers. All times in milliseconds, at least 1 unless said
 * otherwise; all rates in bytes per second, 0 for none.
 *
 * @param keepAliveMillis how long an idle connection stays open; 0 closes after each response
 * @param connectionRequests the most requests of one connection; 0: no limit
 * @param firstByteMillis how long a fresh connection may be silent
 * @param headMillis how long a request's head may take from its first byte to its last
 * @param bodyMillis how long a request's body may stand still
 * @param bodyRate what a body must bring on average once it has taken {@code bodyMillis}
 * @param sendMillis how long a client may take nothing of a response
 * @param sendRate what a client must take on average once it has kept a response waiting for {@code sendMillis}
 * @param tlsHandshakeMillis how long a client may take from its connection to the end of the TLS handshake
 */
public record Deadlines(
        long keepAliveMillis,
        int connectionRequests,
        long firstByteMillis,
        long headMillis,
        long bodyMillis,
        int bodyRate,
        long sendMillis,
        int sendRate,
        long tlsHandshakeMillis) {

    void put(ProgramArguments arguments) {
        arguments
                .put("keep-alive-millis", keepAliveMillis)
                .put("connection-requests", connectionRequests)
                .put("first-byte-timeout-millis", firstByteMillis)
                .put("head-timeout-millis", headMillis)
                .put("body-timeout-millis", bodyMillis)
                .put("body-rate", bodyRate)
                .put("send-timeout-millis", sendMillis)
                .put("send-rate", sendRate)
                .put("tls-handshake-millis", tlsHandshakeMillis);
    }

    static Deadlines from(ProgramArguments arguments) {
        return new Deadlines(
                arguments.number("keep-alive-millis"),
                arguments.integer("connection-requests"),
                arguments.number("first-byte-timeout-millis"),
                arguments.number("head-timeout-millis"),
                arguments.number("body-timeout-millis"),
                arguments.integer("body-rate"),
                arguments.number("send-timeout-millis"),
                arguments.integer("send-rate"),
                arguments.number("tls-handshake-millis"));
    }
}
