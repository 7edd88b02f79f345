package io.jcorn.wire;

/**
 * What a {@code handler} worker is told about WebSocket.
 *
 * @param maxSize the longest message in bytes, unpacked; 0: no limit
 * @param pingIntervalMillis after how long a silence a client is asked whether it is still there; 0: never
 * @param pingTimeoutMillis how long it may take to answer that; 0: for ever
 * @param perMessageDeflate whether messages are compressed when the client offers it
 */
public record WebSocketOptions(
        int maxSize, long pingIntervalMillis, long pingTimeoutMillis, boolean perMessageDeflate) {

    void put(ProgramArguments arguments) {
        arguments
                .put("ws-max-size", maxSize)
                .put("ws-ping-interval-millis", pingIntervalMillis)
                .put("ws-ping-timeout-millis", pingTimeoutMillis)
                .put("ws-per-message-deflate", perMessageDeflate);
    }

    static WebSocketOptions from(ProgramArguments arguments) {
        return new WebSocketOptions(
                arguments.integer("ws-max-size"),
                arguments.number("ws-ping-interval-millis"),
                arguments.number("ws-ping-timeout-millis"),
                Boolean.parseBoolean(arguments.one("ws-per-message-deflate")));
    }
}
