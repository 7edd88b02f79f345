package io.jcorn.examples.plainsocket;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Accepts connections and hands each to a thread. The one argument is the port, 8080 when there is none. */
public final class Main {

    private static final int THREADS = 16;
    private static final int BACKLOG = 1024;

    private Main() {}

    /** Returns when a signal has closed the listening socket and what was accepted before is answered. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int port = arguments.length == 0 ? 8080 : Integer.parseInt(arguments[0]);
        Connections connections = new Connections(Version.read());
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (ServerSocket listening = new ServerSocket(port, BACKLOG)) {
            Thread main = Thread.currentThread();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(listening, main), "shutdown"));
            System.out.println("Listening on port " + port);
            accept(listening, connections, threads);
        }
        threads.shutdown();
        if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
            System.err.println("Some requests took too long and are cut off.");
        }
    }

    private static void accept(ServerSocket listening, Connections connections, ExecutorService threads) {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                threads.execute(() -> connections.serve(socket));
            } catch (IOException e) {
                if (!listening.isClosed()) {
                    System.err.println("Cannot accept: " + e);
                }
            }
        }
    }

    /** Ends the loop and waits for the thread that ran it, which has the rest to do. The JVM would not wait for it. */
    private static void stop(ServerSocket listening, Thread main) {
        try {
            listening.close();
            main.join();
        } catch (IOException | InterruptedException e) {
            System.err.println("Not stopped in order: " + e);
        }
    }
}
