package io.jcorn.master.settings;

import static io.jcorn.master.settings.ScalarTypes.choice;
import static io.jcorn.master.settings.ScalarTypes.integer;

import io.jcorn.master.settings.CompoundTypes.Separator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The settings of HTTP/2. As in {@link Settings}. */
public final class Http2Settings {

    private static final List<Setting<?>> REGISTRY = new ArrayList<>();

    public static final Setting<List<HttpProtocol>> HTTP_PROTOCOLS = new Setting.Block<>(
                    REGISTRY,
                    Section.HTTP2,
                    "http-protocols",
                    CompoundTypes.list(choice("PROTOCOL", HttpProtocol.class), Separator.COMMA),
                    "h2",
                    "h1")
            .prose("The protocols that clients of TLS listeners are offered: h2, h1 or both.", """
                    For the worker class handler. A client chooses during the handshake (ALPN); the order says what is
                    preferred when it takes both. Without TLS this says nothing: see http2-cleartext. gunicorn offers h1
                    only unless told otherwise; browsers and proxies of today expect both.
                    """);

    public static final Setting<Http2Cleartext> HTTP2_CLEARTEXT = setting(
                    "http2-cleartext", Http2Cleartext.type(), "off")
            .prose("Whether HTTP/2 is spoken without TLS: off, or prior-knowledge.", """
                    For the worker class handler. With prior-knowledge a connection that begins with the preface of
                    HTTP/2 speaks it, and every other one HTTP/1 as before; for proxies that end TLS and speak HTTP/2
                    inwards. Upgrade: h2c is not spoken: RFC 9113 has removed it.
                    """);

    public static final Setting<Integer> MAX_CONCURRENT_STREAMS = setting(
                    "http2-max-concurrent-streams", integer(1, 65_535), "100")
            .prose("How many requests one connection may have open at once.", """
                    Further ones are refused so that the client knows it may repeat them. Handlers of requests that the
                    client has taken back count too: at most twice as many handlers run for one connection.
                    """);

    public static final Setting<Integer> INITIAL_WINDOW_SIZE = setting(
                    "http2-initial-window-size", integer(65_535, Integer.MAX_VALUE), "262144")
            .prose("How many bytes of each request's body a client may send ahead of the application.", """
                    An upload is never faster than this for each round trip: 64 kB, gunicorn's default, are 1 MB/s at
                    60 ms. It is also what a body that nobody reads takes of the worker's memory; all bodies of one
                    connection together take no more than four times as much.
                    """);

    public static final Setting<Integer> MAX_FRAME_SIZE = setting(
                    "http2-max-frame-size", integer(16_384, 16_777_215), "16384")
            .prose("The largest frame in bytes that clients may send.", """
                    Larger frames let one request hold up the others of its connection.
                    """);

    public static final Setting<Integer> MAX_HEADER_LIST_SIZE = setting(
                    "http2-max-header-list-size", integer(1024, 16_777_216), "65536")
            .prose("How many bytes the header fields of one request may have, 32 added for each field.", """
                    More are answered with 431, much more end the connection. limit-request-line, limit-request-fields
                    and limit-request-field-size hold too.
                    """);

    private Http2Settings() {}

    static List<Setting<?>> all() {
        return Collections.unmodifiableList(REGISTRY);
    }

    private static <T> Setting.Block<T> setting(String key, SettingType<T> type, String... texts) {
        return new Setting.Block<>(REGISTRY, Section.HTTP2, key, type, texts);
    }
}
