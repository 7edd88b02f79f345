package io.jcorn.wire.forwarded;

/**
 * Which headers of a trusted proxy say for whom it speaks. A proxy that writes one kind passes on what the client wrote of the
 * other: to believe both at once would be to believe the client.
 */
public enum ForwardedHeader {
    /** {@code X-Forwarded-For} and its relatives where the request has that one, else {@code Forwarded}. */
    AUTO,
    /** {@code X-Forwarded-*} only. */
    X_FORWARDED,
    /** {@code Forwarded} of RFC 7239 only. */
    FORWARDED
}
