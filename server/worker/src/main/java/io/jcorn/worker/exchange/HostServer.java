package io.jcorn.worker.exchange;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What {@code HttpContext.getServer()} returns: jcorn, which is run by its master and not by the application. */
final class HostServer extends HttpServer {

    @Override
    public void bind(InetSocketAddress address, int backlog) {
        throw notYours();
    }

    @Override
    public void start() {
        throw notYours();
    }

    @Override
    public void setExecutor(Executor executor) {
        throw notYours();
    }

    @Override
    @SuppressWarnings("NullAway") // Null: the server's own threads, as the JDK's Javadoc says.
    public Executor getExecutor() {
        return null;
    }

    @Override
    public void stop(int delay) {
        throw notYours();
    }

    @Override
    public HttpContext createContext(String path, @Nullable HttpHandler handler) {
        throw notYours();
    }

    @Override
    public HttpContext createContext(String path) {
        throw notYours();
    }

    @Override
    public void removeContext(String path) {
        throw notYours();
    }

    @Override
    public void removeContext(HttpContext context) {
        throw notYours();
    }

    /** Several listeners may exist; an exchange knows its own. */
    @Override
    @SuppressWarnings("NullAway")
    public InetSocketAddress getAddress() {
        return null;
    }

    private static UnsupportedOperationException notYours() {
        return new UnsupportedOperationException("jcorn runs this server; use its settings");
    }
}
