package io.jcorn.master.settings;

import static io.jcorn.master.settings.ScalarTypes.duration;
import static io.jcorn.master.settings.ScalarTypes.integer;
import static io.jcorn.master.settings.ScalarTypes.size;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How long clients, requests and the application may take, and how many may wait. For handlers. As in {@link Settings}. */
public final class TimeSettings {

    private static final List<Setting<?>> REGISTRY = new ArrayList<>();
    private static final Duration INSTANT = Duration.ofMillis(100);
    private static final Duration DAY = Duration.ofDays(1);
    private static final int GIGABYTE = 1 << 30;

    public static final Setting<Duration> FIRST_BYTE_TIMEOUT = setting(
                    "first-byte-timeout", duration(INSTANT, DAY, ""), "30s")
            .prose("How long a fresh connection may be silent.", """
                    It is closed without a word: browsers open connections in advance that they may never use.
                    """);

    public static final Setting<Duration> HEADER_TIMEOUT = setting("header-timeout", duration(INSTANT, DAY, ""), "30s")
            .prose("How long the head of a request may take, from its first byte to its last.", """
                    The whole head: a client that sends a byte now and then does not get more time. It is answered with
                    408.
                    """);

    public static final Setting<Duration> BODY_TIMEOUT = setting("body-timeout", duration(INSTANT, DAY, ""), "30s")
            .prose("How long the body of a request may stand still.", """
                    Time in which the application does not read, or has not asked for the body yet, does not count. The
                    client is answered with 408; an application that is reading gets an exception that says so.
                    """);

    public static final Setting<Integer> BODY_MIN_RATE = setting("body-min-rate", integer(0, GIGABYTE), "240")
            .prose("How many bytes per second of a body have to come on average.", """
                    Looked at once a body has taken longer than body-timeout, so that one byte now and then is not
                    enough. 0 asks for nothing.
                    """);

    public static final Setting<Duration> SEND_TIMEOUT = setting("send-timeout", duration(INSTANT, DAY, ""), "30s")
            .prose("How long a client may take nothing of its response.", """
                    What the client's kernel has acknowledged counts. The connection is closed, and an application that
                    is writing gets an exception.
                    """);

    public static final Setting<Integer> SEND_MIN_RATE = setting("send-min-rate", integer(0, GIGABYTE), "240")
            .prose("How many bytes per second of a response have to be taken on average.", """
                    Looked at once a client has had something to take for longer than send-timeout. An application that
                    writes slowly is not blamed on its client. 0 asks for nothing.
                    """);

    public static final Setting<Integer> KEEP_ALIVE_REQUESTS = setting("keep-alive-requests", integer(0, GIGABYTE), "0")
            .prose("How many requests a connection may have before it is closed.", """
                    The last response says Connection: close. Over HTTP/2 the client is told to open another connection
                    (GOAWAY); what it has sent before it can know is served, too. That spreads clients anew over
                    workers that were started later. 0 sets no limit.
                    """);

    public static final Setting<Long> BODY_BUFFER = setting(
                    "body-buffer", size(16 << 20, "to give the application every request at once"), "64k")
            .prose("How much of a body is read before the application gets the request, in bytes.", """
                    A slow client then holds no thread: a body up to this size is there completely, a longer one is
                    streamed from there on. Each connection may need so much memory. A client that sends Expect:
                    100-continue is told to go on at once if its body is that small; otherwise when the application
                    reads, which may refuse it before. With 0 the application sees each request as soon as its head is
                    there, for conversations in which it answers while the body comes. With threads 0 every body is
                    read completely, whatever this says. Over HTTP/2 it counts for each request of a connection, up to
                    half of http2-initial-window-size.
                    """);

    public static final Setting<Duration> REQUEST_TIMEOUT = setting(
                    "request-timeout", duration(INSTANT, DAY, "for no limit"), "0")
            .prose("How long the application may take for a request.", """
                    Then its stack goes to the log, the client gets 504 (or, when a part of the response has left, the
                    connection is closed), and the thread is interrupted. If it does not return within 5 s, the worker
                    is replaced. Waiting for a thread does not count, streaming does: a handler that sends events for
                    hours needs 0. An error with threads 0, where nobody could interrupt. gunicorn's timeout watches
                    requests in its sync workers; here that is this setting, and timeout watches the worker.
                    """);

    public static final Setting<Duration> ASYNC_TIMEOUT = setting(
                    "async-timeout", duration(INSTANT, DAY, "for no limit"), "5m")
            .prose("How long an exchange may stand still that its handler has left to another thread.", """
                    Each part of the response that is sent gives it as much again. The client gets 504, or the
                    connection is closed.
                    """);

    public static final Setting<Integer> QUEUE = setting("queue", integer(0, 1_000_000), "1024")
            .prose("How many requests may wait for a thread in each worker.", """
                    The next one gets a 503 with Retry-After at once, before the application sees it. HTTP/1.1 clients
                    send one request per connection, so with the default of worker-connections nobody meets that limit:
                    lower it to shed load rather than let everybody wait. A worker where requests wait leaves new
                    connections to others that have room. With threads = virtual nobody waits, and this is how many
                    requests may be in the application at once. 0 sets no limit; with threads 0 it has no effect.
                    """);

    public static final Setting<Duration> QUEUE_TIMEOUT = setting(
                    "queue-timeout", duration(INSTANT, DAY, "for no limit"), "30s")
            .prose("How long a request may wait for a thread.", """
                    Then it gets a 503 with Retry-After, and the application never sees it: whoever has waited so long
                    has probably gone.
                    """);

    private TimeSettings() {}

    static List<Setting<?>> all() {
        return Collections.unmodifiableList(REGISTRY);
    }

    private static <T> Setting.Block<T> setting(String key, SettingType<T> type, String... texts) {
        return new Setting.Block<>(REGISTRY, Section.TIME, key, type, texts);
    }
}
