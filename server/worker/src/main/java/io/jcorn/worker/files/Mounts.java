package io.jcorn.worker.files;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.FileOptions;
import io.jcorn.worker.exchange.Exchange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Serves files, and what is no file the application: it stands before the application's handler and is run as that is, so that no
 * file is opened on the event loop unless the application runs there too.
 */
public final class Mounts implements HttpHandler {

    private final List<Mount> mounts = new ArrayList<>();
    private final Optional<String> cacheControl;
    private final HttpHandler application;

    /**
     * The mounts of a worker.
     *
     * @throws IOException if a folder is not there; the message names it
     */
    public Mounts(FileOptions options, HttpHandler application) throws IOException {
        this.cacheControl = options.cacheControl();
        this.application = application;
        for (FileOptions.Mount mount : options.mounts()) {
            try {
                mounts.add(new Mount(mount.prefix(), mount.folder()));
            } catch (IOException e) {
                throw new IOException("static: the folder " + mount.folder() + " cannot be opened: " + e, e);
            }
        }
        mounts.sort(Comparator.comparingInt(Mount::depth).reversed());
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String path = path(Exchange.behind(exchange));
        Mount mount = mount(path);
        Mount.Found found = mount == null ? null : mount.find(path);
        if (found == null) {
            application.handle(exchange);
            return;
        }
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            end(exchange, 405);
        } else if (found instanceof Resource resource) {
            new FileResponse(Exchange.behind(exchange), resource, cacheControl).send();
        } else {
            move(exchange, path);
        }
    }

    private static String path(Exchange exchange) {
        String target = exchange.head().target();
        if (!target.startsWith("/")) {
            // The absolute form, or the asterisk of OPTIONS.
            String path = exchange.getRequestURI().getRawPath();
            return path == null ? "" : path;
        }
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    private @Nullable Mount mount(String path) {
        for (Mount mount : mounts) {
            if (mount.covers(path)) {
                return mount;
            }
        }
        return null;
    }

    /** Its own path with a slash more: it cannot begin with two, which would be another host (RFC 3986 §4.2). */
    private static void move(HttpExchange exchange, String path) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        String query = exchange.getRequestURI().getRawQuery();
        headers.set("Location", path + "/" + (query == null ? "" : "?" + query));
        end(exchange, 301);
    }

    private static void end(HttpExchange exchange, int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }
}
