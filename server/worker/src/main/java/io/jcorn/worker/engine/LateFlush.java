package io.jcorn.worker.engine;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Flushes connections a little later, because more of their pipelined requests are about to be answered. Event loop only. */
@SuppressWarnings("FutureReturnValueIgnored") // Tasks of the event loop that nobody waits for.
final class LateFlush {

    private static final long MICROS = 1000;

    private final EventLoop loop;
    private final List<Connection> waiting = new ArrayList<>();

    LateFlush(EventLoop loop) {
        this.loop = loop;
    }

    /** Flushes a connection soon. */
    void add(Connection connection) {
        if (waiting.isEmpty()) {
            loop.schedule(this::flushAll, MICROS, TimeUnit.MICROSECONDS);
        }
        waiting.add(connection);
    }

    private void flushAll() {
        List<Connection> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(Connection::flushNow);
    }
}
