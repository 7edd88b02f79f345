package io.jcorn.wire;

import java.util.List;

/**
 * Whether and how HTTP/2 is spoken.
 *
 * @param alpn the protocols that clients of TLS listeners are offered, by their ALPN names ({@code h2}, {@code http/1.1}), the
 *     preferred one first, at least one
 * @param cleartext whether a client without TLS may begin with HTTP/2's preface
 * @param maxConcurrentStreams the most requests at once on one connection, at least 1
 * @param initialWindowSize how much of each request's body a client may send ahead of the application, 65535..2^31-1
 * @param maxFrameSize the largest frame that clients may send, 16384..2^24-1
 * @param maxHeaderListSize the largest header list of a request as RFC 9113 §6.5.2 counts it, in bytes, at least 1
 */
public record Http2Options(
        List<String> alpn,
        boolean cleartext,
        int maxConcurrentStreams,
        int initialWindowSize,
        int maxFrameSize,
        int maxHeaderListSize) {

    /** HTTP/1 only. */
    public static final Http2Options OFF = new Http2Options(List.of("http/1.1"), false, 100, 262_144, 16_384, 65_536);

    public Http2Options {
        alpn = List.copyOf(alpn);
    }

    void put(ProgramArguments arguments) {
        arguments
                .put("alpn", String.join(",", alpn))
                .put("http2-cleartext", cleartext)
                .put("http2-max-concurrent-streams", maxConcurrentStreams)
                .put("http2-initial-window-size", initialWindowSize)
                .put("http2-max-frame-size", maxFrameSize)
                .put("http2-max-header-list-size", maxHeaderListSize);
    }

    static Http2Options from(ProgramArguments arguments) {
        return new Http2Options(
                List.of(arguments.one("alpn").split(",")),
                Boolean.parseBoolean(arguments.one("http2-cleartext")),
                arguments.integer("http2-max-concurrent-streams"),
                arguments.integer("http2-initial-window-size"),
                arguments.integer("http2-max-frame-size"),
                arguments.integer("http2-max-header-list-size"));
    }
}
