package io.jcorn.worker.exchange;

import com.sun.net.httpserver.Authenticator;
import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The one context that an application lives in: all paths, its own handler, attributes shared by all requests, no filters and
 * no authenticator. Its path is the one under which the clients see the application, {@code /} if a proxy in front takes none
 * away. It can be looked at and not be changed, for jcorn is the server, not the application.
 */
public final class RootContext extends HttpContext {

    private final HttpHandler handler;
    private final String path;
    private final HttpServer server = new HostServer();
    private final Map<String, Object> attributes = new ConcurrentHashMap<>();

    /**
     * The context of an application.
     *
     * @param path what {@link #getPath} returns, beginning with a slash; empty: {@code /}
     */
    public RootContext(HttpHandler handler, String path) {
        this.handler = handler;
        this.path = path.isEmpty() ? "/" : path;
    }

    @Override
    public HttpHandler getHandler() {
        return handler;
    }

    @Override
    public void setHandler(HttpHandler handler) {
        throw new IllegalArgumentException("the context has its handler already");
    }

    @Override
    public String getPath() {
        return path;
    }

    @Override
    public HttpServer getServer() {
        return server;
    }

    @Override
    public Map<String, Object> getAttributes() {
        return attributes;
    }

    /** Returns an empty list that takes nothing: filters are the application's own business. */
    @Override
    public List<Filter> getFilters() {
        return List.of();
    }

    @Override
    @SuppressWarnings("NullAway") // No authenticator is null, as the JDK's Javadoc says.
    public Authenticator getAuthenticator() {
        return null;
    }

    @Override
    public Authenticator setAuthenticator(@Nullable Authenticator authenticator) {
        throw new UnsupportedOperationException("jcorn runs no authenticators: wrap the handler instead");
    }
}
