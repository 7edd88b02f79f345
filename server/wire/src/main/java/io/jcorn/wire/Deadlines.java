package io.jcorn.wire;

/**
 * How long clients may take; a part of the options of a {@code handler} worker. All times in milliseconds.
 *
 * @param keepAliveMillis how long an idle connection stays open; 0 closes after each response
 * @param headMillis how long a request's head may take to arrive, at least 1
 * @param tlsHandshakeMillis how long a client may take from its connection to the end of the TLS handshake, at least 1
 */
public record Deadlines(long keepAliveMillis, long headMillis, long tlsHandshakeMillis) {

    void put(ProgramArguments arguments) {
        arguments
                .put("keep-alive-millis", keepAliveMillis)
                .put("head-timeout-millis", headMillis)
                .put("tls-handshake-millis", tlsHandshakeMillis);
    }

    static Deadlines from(ProgramArguments arguments) {
        return new Deadlines(
                arguments.number("keep-alive-millis"),
                arguments.number("head-timeout-millis"),
                arguments.number("tls-handshake-millis"));
    }
}
