package io.jcorn.compatibility;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Clients that ask while something happens to the server: on connections that they keep, on fresh ones, and for what takes a second. */
final class Load {

    private static final int KEPT = 4;
    private static final int FRESH = 2;
    private static final int SLOW = 4;
    private static final long PAUSE_MILLIS = 15;

    private final int port;
    private final AtomicInteger id;
    private final List<Thread> clients = new ArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger slow = new AtomicInteger();
    private final AtomicInteger slowFailed = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();

    /** The requests that got no answer, of whatever kind. */
    private final Queue<Integer> unanswered = new ConcurrentLinkedQueue<>();

    private final AtomicInteger cut = new AtomicInteger();
    private volatile boolean over;

    private Load(int port, AtomicInteger id) {
        this.port = port;
        this.id = id;
    }

    /**
     * Begins.
     *
     * @param id the numbers of requests, no two alike in a life
     */
    static Load on(int port, AtomicInteger id) {
        Load load = new Load(port, id);
        load.begin(KEPT, load::kept);
        load.begin(FRESH, load::fresh);
        load.begin(SLOW, load::slow);
        return load;
    }

    private void begin(int count, Runnable client) {
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(client, "client");
            thread.start();
            clients.add(thread);
        }
    }

    private void kept() {
        @Nullable Connection connection = null;
        while (!over) {
            boolean used = connection != null;
            int number = id.incrementAndGet();
            requests.incrementAndGet();
            try {
                Connection open = connection == null ? new Connection(port) : connection;
                connection = open;
                judge(open.get("/?rid=" + number));
                if (open.ends()) {
                    open.close();
                    connection = null;
                }
            } catch (IOException e) {
                unanswered.add(number);
                (used ? cut : wrong).incrementAndGet();
                connection = null;
            }
            Await.pause(PAUSE_MILLIS);
        }
        if (connection != null) {
            connection.close();
        }
    }

    private void fresh() {
        while (!over) {
            int number = id.incrementAndGet();
            requests.incrementAndGet();
            try (Connection connection = new Connection(port)) {
                judge(connection.get("/?rid=" + number));
            } catch (IOException e) {
                unanswered.add(number);
                wrong.incrementAndGet();
            }
            Await.pause(PAUSE_MILLIS);
        }
    }

    private void slow() {
        while (!over) {
            int number = id.incrementAndGet();
            slow.incrementAndGet();
            try (Connection connection = new Connection(port)) {
                if (connection.get("/slow?rid=" + number).status() != 200) {
                    slowFailed.incrementAndGet();
                }
            } catch (IOException e) {
                unanswered.add(number);
                slowFailed.incrementAndGet();
            }
        }
    }

    private void judge(Connection.Response response) {
        if (response.status() != 200 || !response.body().startsWith("pid ")) {
            wrong.incrementAndGet();
        }
    }

    /** Ends when every client has its last answer. */
    Load end() throws InterruptedException {
        over = true;
        for (Thread client : clients) {
            client.join();
        }
        return this;
    }

    int requests() {
        return requests.get();
    }

    /** Returns how many answers were wrong, or missing on a fresh connection. */
    int wrong() {
        return wrong.get();
    }

    /** Returns how many kept connections ended without an answer. */
    int cut() {
        return cut.get();
    }

    int slowRequests() {
        return slow.get();
    }

    int slowFailed() {
        return slowFailed.get();
    }

    /** Returns how many requests were executed, by what the server has printed, though their client got no answer. */
    int executedUnanswered(String output) {
        return (int) unanswered.stream()
                .filter(number -> output.contains("EXECUTED " + number + "\n"))
                .count();
    }
}
