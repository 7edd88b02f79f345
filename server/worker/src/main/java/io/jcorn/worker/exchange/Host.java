package io.jcorn.worker.exchange;

import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.Log;
import io.jcorn.wire.Scoreboard;
import io.jcorn.worker.websocket.WebSocketSettings;

/**
 * What all exchanges of a worker have in common.
 *
 * @param handler the application
 * @param context what {@code getHttpContext()} returns
 * @param row where errors of the application are counted
 * @param log where they are told
 * @param webSocket what holds for WebSockets
 * @param patienceNanos how long a read or write of a body waits for a client that does nothing
 */
public record Host(
        HttpHandler handler,
        RootContext context,
        Scoreboard.Row row,
        Log log,
        WebSocketSettings webSocket,
        long patienceNanos) {}
