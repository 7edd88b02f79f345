package io.jcorn.worker.exchange;

import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.Log;
import io.jcorn.wire.Scoreboard;
import io.jcorn.worker.websocket.WebSocketSettings;
import java.util.function.LongSupplier;

/**
 * What all exchanges of a worker have in common.
 *
 * @param handler the application
 * @param context what {@code getHttpContext()} returns
 * @param row where errors of the application are counted
 * @param log where they are told
 * @param webSocket what holds for WebSockets
 * @param watched whether anybody wants to know which thread is inside the handler, and since when
 * @param clock the engine's, in nanoseconds
 */
public record Host(
        HttpHandler handler,
        RootContext context,
        Scoreboard.Row row,
        Log log,
        WebSocketSettings webSocket,
        boolean watched,
        LongSupplier clock) {}
