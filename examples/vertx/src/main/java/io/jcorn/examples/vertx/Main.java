package io.jcorn.examples.vertx;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Starts the server, on the port that the environment variable {@code PORT} names, 8080 when it is not set. */
public final class Main {

    private static final int GRACE_SECONDS = 30;

    private Main() {}

    /** Returns when the server listens; its threads keep the process alive until a signal ends it. */
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        String version = Version.read();
        Vertx vertx = Vertx.vertx();
        HttpServer server = vertx.createHttpServer().requestHandler(new Answers(vertx, version));
        server.listen(port).onComplete(listening -> started(listening.cause(), server, port));
    }

    private static void started(@Nullable Throwable failure, HttpServer server, int port) {
        if (failure != null) {
            System.err.println("Cannot listen on port " + port + ": " + failure);
            System.exit(1);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "shutdown"));
        System.out.println("Listening on port " + port);
    }

    /** Takes no more connections and lets what is in flight finish. */
    private static void stop(HttpServer server) {
        try {
            server.shutdown(GRACE_SECONDS, TimeUnit.SECONDS)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(GRACE_SECONDS + 1, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            System.err.println("Not stopped in order: " + e);
        }
    }
}
