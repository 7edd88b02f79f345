package io.jcorn.master.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.jcorn.master.listen.BindException;
import io.jcorn.master.listen.Binder;
import io.jcorn.master.listen.Listener;
import io.jcorn.master.posix.SocketName;
import io.jcorn.master.settings.BindAddress;
import io.jcorn.wire.Log;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The HTTP of the admin pages: the JDK's own server, because the master has no engine and a probe every few seconds needs
 * none. One daemon thread does for that.
 *
 * <p>Clients that dawdle hold a thread each. There may be {@value #THREADS} of them, and each has {@value #PATIENCE} seconds for
 * its request and as many to take the answer. Beyond that, and beyond {@value #MOST_CONNECTIONS} connections, clients are
 * turned away: the master needs its memory and its descriptors for the workers.
 */
final class AdminServer implements AutoCloseable {

    private static final int THREADS = 16;
    private static final int PATIENCE = 5;
    private static final int MOST_CONNECTIONS = 128;
    private static final int BACKLOG = 128;

    private final HttpServer server;
    private final AdminHosts hosts;
    private final Log log;
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(0, THREADS, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), AdminServer::thread);

    private AdminServer(HttpServer server, String name, Log log) {
        this.server = server;
        this.hosts = new AdminHosts(server.getAddress().getAddress(), name);
        this.log = log;
        server.setExecutor(threads);
    }

    /**
     * Listens; nobody is answered before {@link #start}, whoever connects waits.
     *
     * @throws BindException the address cannot be had
     */
    static AdminServer bind(BindAddress.Tcp address, int pid, Log log) throws BindException {
        configure();
        try {
            return new AdminServer(listening(address), address.host(), log);
        } catch (IOException first) {
            diagnose(address, pid);
        }
        // Whatever was in the way has left while the cause was looked for.
        try {
            return new AdminServer(listening(address), address.host(), log);
        } catch (IOException e) {
            throw new BindException("admin-bind: Cannot listen on " + address + ": " + e.getMessage(), e);
        }
    }

    private static HttpServer listening(BindAddress.Tcp address) throws IOException {
        InetSocketAddress socket = address.host().isEmpty()
                ? new InetSocketAddress(address.port())
                : new InetSocketAddress(address.host(), address.port());
        if (socket.isUnresolved()) {
            throw new IOException("the host " + address.host() + " is unknown");
        }
        return HttpServer.create(socket, BACKLOG);
    }

    /** The JDK's server reads these when its classes are loaded; what the operator has set stays. */
    private static void configure() {
        Map<String, Integer> limits = Map.of(
                "sun.net.httpserver.maxReqTime", PATIENCE,
                "sun.net.httpserver.maxRspTime", PATIENCE,
                "jdk.httpserver.maxConnections", MOST_CONNECTIONS);
        limits.forEach((name, value) -> System.getProperties().putIfAbsent(name, Integer.toString(value)));
        // Head and body are two writes; without this the second waits 40 ms for the client's delayed acknowledgement.
        System.getProperties().putIfAbsent("sun.net.httpserver.nodelay", "true");
    }

    /** The JDK keeps the cause to itself ("Address already in use"). The same bind once more, our way, finds the words. */
    private static void diagnose(BindAddress address, int pid) throws BindException {
        Binder binder = new Binder(Path.of("/proc"), Map.of(), pid);
        try {
            binder.bind(List.of(address), BACKLOG, OptionalInt.empty(), List.of())
                    .forEach(Listener::close);
        } catch (BindException e) {
            throw new BindException("admin-bind: " + e.getMessage(), e);
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "jcorn-admin");
        thread.setDaemon(true);
        return thread;
    }

    /** Returns where it listens, with the real port. */
    String url() {
        InetSocketAddress address = server.getAddress();
        return "http://" + new SocketName.Inet(address.getAddress(), address.getPort());
    }

    /**
     * Begins to answer.
     *
     * @param pages what stands at a path; called on several threads
     */
    void start(Function<String, Page> pages) {
        server.createContext("/", exchange -> answer(exchange, pages));
        server.start();
    }

    private void answer(HttpExchange exchange, Function<String, Page> pages) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            if (!hosts.admit(exchange.getRequestHeaders().getFirst("Host"))) {
                send(exchange, Page.text(421, "ask by an address or as localhost; this name may be anybody's"), true);
                return;
            }
            switch (exchange.getRequestMethod()) {
                case "GET" -> send(exchange, page(exchange, pages), true);
                case "HEAD" -> send(exchange, page(exchange, pages), false);
                default -> {
                    exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                    send(exchange, Page.text(405, "only GET and HEAD are answered here"), true);
                }
            }
        }
    }

    private Page page(HttpExchange exchange, Function<String, Page> pages) {
        String path = String.valueOf(exchange.getRequestURI().getPath());
        try {
            return pages.apply(path);
        } catch (RuntimeException e) {
            // A defect in a page must neither end the thread nor leave the client without an answer.
            log.error("A defect in jcorn: " + path + " cannot be answered: " + e);
            return Page.text(500, "a defect in jcorn; its log tells more");
        }
    }

    private static void send(HttpExchange exchange, Page page, boolean withBody) throws IOException {
        byte[] body = page.bytes();
        exchange.getResponseHeaders().set("Content-Type", page.type());
        if (withBody) {
            exchange.sendResponseHeaders(page.status(), body.length);
            exchange.getResponseBody().write(body);
        } else {
            // The JDK's contract for HEAD: the length as a header of our own, and -1 for "no body follows".
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(page.status(), -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
