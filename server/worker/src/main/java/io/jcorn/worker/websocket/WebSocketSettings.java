package io.jcorn.worker.websocket;

/**
 * What a worker is told about WebSocket.
 *
 * @param maxMessage the longest message in bytes, unpacked; 0: no limit
 * @param pingNanos after how long a silence the client is asked whether it is still there; 0: never
 * @param pongNanos how long it may take to answer that; 0: for ever
 * @param deflate whether messages are compressed when the client offers it
 */
public record WebSocketSettings(int maxMessage, long pingNanos, long pongNanos, boolean deflate) {}
