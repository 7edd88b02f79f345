package io.jcorn.examples.vertx;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers requests, and never waits in the one thread that there is. */
final class Answers implements Handler<HttpServerRequest> {

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");
    private static final int MOST_MILLIS = 60_000;

    private final Vertx vertx;
    private final String version;

    Answers(Vertx vertx, String version) {
        this.vertx = vertx;
        this.version = version;
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.GET)) {
            send(request, 405, "Only GET is known here.\n");
            return;
        }
        switch (request.path()) {
            case "/hello" -> send(request, 200, "Hello, World!\n");
            case "/version" -> send(request, 200, version);
            case "/pid" ->
                send(request, 200, Long.toString(ProcessHandle.current().pid()));
            case "/slow" -> slow(request, request.getParam("ms"));
            default -> send(request, 404, "Nothing is here.\n");
        }
    }

    /** Answers late; a timer holds the request meanwhile, not a thread. */
    private void slow(HttpServerRequest request, @Nullable String given) {
        int millis = given != null && NUMBER.matcher(given).matches() ? Integer.parseInt(given) : MOST_MILLIS + 1;
        if (millis > MOST_MILLIS) {
            send(request, 400, "ms is not a number from 0 to " + MOST_MILLIS + ".\n");
        } else if (millis == 0) {
            send(request, 200, "done\n");
        } else {
            vertx.setTimer(millis, timer -> send(request, 200, "done\n"));
        }
    }

    private static void send(HttpServerRequest request, int status, String text) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .end(text);
    }
}
