package io.jcorn.examples.misbehaving;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/**
 * Throws in a request: {@code /misbehave?runtime} (the default), {@code ?io}, {@code ?error}, or {@code ?late}, which is
 * after the head of the answer is out.
 *
 * <p>What jcorn does: the client gets a 500, or, when it is too late for that, a connection that visibly breaks off; the log
 * gets one line with the request and the stack. The worker lives on.
 */
public final class Throws extends Misbehaving {

    @Override
    void misbehave(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        switch (query == null ? "runtime" : query) {
            case "io" -> throw new IOException("the disk is gone");
            case "error" -> throw new StackOverflowError("too deep");
            case "late" -> {
                exchange.sendResponseHeaders(200, 1_000);
                exchange.getResponseBody().write('x');
                exchange.getResponseBody().flush();
                throw new IllegalStateException("after the head");
            }
            default -> throw new IllegalStateException("something is wrong");
        }
    }
}
