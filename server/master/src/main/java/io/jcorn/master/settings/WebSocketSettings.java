package io.jcorn.master.settings;

import static io.jcorn.master.settings.ScalarTypes.duration;
import static io.jcorn.master.settings.ScalarTypes.size;
import static io.jcorn.master.settings.ScalarTypes.truth;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The settings of WebSockets of handlers. As in {@link Settings}. gunicorn itself has none; the names are those of uvicorn, which
 * serves WebSockets under gunicorn.
 */
public final class WebSocketSettings {

    private static final List<Setting<?>> REGISTRY = new ArrayList<>();
    private static final Duration DAY = Duration.ofDays(1);

    public static final Setting<Long> WS_MAX_SIZE = setting("ws-max-size", size(1L << 30, "for no limit"), "1m")
            .prose("The longest WebSocket message in bytes, after it was unpacked.", """
                    A longer one ends the conversation with the status 1009. The listener gets a message frame by
                    frame, so a frame of this size is what a conversation may hold in memory.
                    """);

    public static final Setting<Duration> WS_PING_INTERVAL = setting(
                    "ws-ping-interval", duration(Duration.ZERO, DAY, "for never"), "20s")
            .prose("After how long a silence a WebSocket's client is asked whether it is still there.", """
                    The question is a ping, which every client answers by itself. It also keeps proxies on the way from
                    closing a quiet connection: choose less than their limit.
                    """);

    public static final Setting<Duration> WS_PING_TIMEOUT = setting(
                    "ws-ping-timeout", duration(Duration.ZERO, DAY, "for no limit"), "20s")
            .prose("How long a WebSocket's client may take to answer a ping.", """
                    After that its connection is closed, and the listener hears of the status 1006.
                    """);

    public static final Setting<Boolean> WS_PER_MESSAGE_DEFLATE = setting("ws-per-message-deflate", truth(), "true")
            .prose("Whether WebSocket messages are compressed for clients that offer it.", """
                    It is the extension permessage-deflate (RFC 7692). Each busy conversation then needs some 300 kB
                    more memory, and each message some processor time.
                    """);

    private WebSocketSettings() {}

    static List<Setting<?>> all() {
        return Collections.unmodifiableList(REGISTRY);
    }

    private static <T> Setting.Block<T> setting(String key, SettingType<T> type, String... texts) {
        return new Setting.Block<>(REGISTRY, Section.WEBSOCKET, key, type, texts);
    }
}
