package io.jcorn.examples.jdkhttpserver;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Starts the server. The one argument is the port, 8080 when there is none. */
public final class Main {

    private static final int THREADS = 16;

    private Main() {}

    /** Returns when the server is started; its threads keep the process alive until a signal ends it. */
    public static void main(String[] arguments) throws IOException {
        int port = arguments.length == 0 ? 8080 : Integer.parseInt(arguments[0]);
        Application application = new Application(Version.read());
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.setExecutor(threads);
        server.createContext("/", application);
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, application), "shutdown"));
        System.out.println("Listening on port " + port);
    }

    /**
     * Takes no more connections and lets what is in flight finish, for 30 seconds at most. With nothing left to finish, some
     * Javas return from {@code stop} only when the time is over (17 does), so somebody else looks when it is enough.
     */
    private static void stop(HttpServer server, Application application) {
        Thread stopping = new Thread(() -> server.stop(30), "stopping");
        stopping.setDaemon(true);
        stopping.start();
        try {
            do {
                stopping.join(100);
            } while (stopping.isAlive() && application.inFlight() > 0);
        } catch (InterruptedException e) {
            System.err.println("Not stopped in order: " + e);
        }
    }
}
