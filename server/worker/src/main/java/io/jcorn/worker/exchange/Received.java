package io.jcorn.worker.exchange;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpPrincipal;
import io.jcorn.wire.forwarded.Origin;
import io.jcorn.worker.http.RequestHead;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What came in: the request's half of an {@link Exchange}, and what is known of its client. */
abstract class Received extends Turn {

    /** The name of the attribute that holds the trailer fields. */
    static final String TRAILERS = "jcorn.trailers";

    final Host host;
    final Carrier carrier;
    final RequestHead head;
    final @Nullable RequestBody body;
    InputStream in;
    private final long startNanos;
    private @Nullable RequestHeaders requestHeaders;
    private @Nullable Map<String, Object> attributes;
    private volatile @Nullable Origin origin;

    Received(Host host, Carrier carrier, RequestHead head, @Nullable RequestBody body, long startNanos) {
        super(host);
        this.host = host;
        this.carrier = carrier;
        this.head = head;
        this.body = body;
        this.in = body == null ? EmptyBody.INSTANCE : body;
        this.startNanos = startNanos;
    }

    /** Returns the client's address, for the log. */
    public InetSocketAddress client() {
        return getRemoteAddress();
    }

    /** Returns when the head was complete. */
    public long startNanos() {
        return startNanos;
    }

    /** Returns the head of the request. */
    public RequestHead head() {
        return head;
    }

    @Override
    public Headers getRequestHeaders() {
        RequestHeaders headers = requestHeaders;
        if (headers == null) {
            headers = new RequestHeaders(head);
            requestHeaders = headers;
        }
        return headers;
    }

    @Override
    public URI getRequestURI() {
        return head.uri();
    }

    @Override
    public String getRequestMethod() {
        return head.method();
    }

    @Override
    public HttpContext getHttpContext() {
        return host.context();
    }

    @Override
    public InputStream getRequestBody() {
        return in;
    }

    /** Returns the client's address, behind a trusted proxy that of the proxy's client; see {@link Origin}. */
    @Override
    public InetSocketAddress getRemoteAddress() {
        return Objects.requireNonNull(origin().client());
    }

    private Origin origin() {
        Origin origin = this.origin;
        if (origin == null) {
            origin = carrier.origin(head);
            this.origin = origin;
        }
        return origin;
    }

    @Override
    public InetSocketAddress getLocalAddress() {
        return carrier.localAddress();
    }

    @Override
    public String getProtocol() {
        return head.version().text();
    }

    @Override
    @SuppressWarnings("NullAway") // The JDK's contract: null when the application set no such attribute.
    public synchronized Object getAttribute(String name) {
        Object own = attributes == null ? null : attributes.get(name);
        return own == null ? told(name) : own;
    }

    /** What a request has and the JDK's contract has no method for; an application elsewhere sees null and does without. */
    private @Nullable Object told(@Nullable String name) {
        if (name == null || !name.startsWith(Attributes.PREFIX)) {
            return null;
        }
        return switch (name) {
            case Attributes.SCHEME -> origin().scheme();
            case Attributes.HOST -> origin().authority() == null ? head.first("host") : origin().authority();
            case Attributes.FILE_SUPPORT -> true;
            case TRAILERS -> body == null || body.trailers().isEmpty() ? null : body.trailers();
            default -> null;
        };
    }

    @Override
    public synchronized void setAttribute(String name, @Nullable Object value) {
        if (attributes == null) {
            attributes = new HashMap<>();
        }
        if (value == null) {
            attributes.remove(name);
        } else {
            attributes.put(name, value);
        }
    }

    @Override
    @SuppressWarnings("NullAway") // Nobody is authenticated.
    public HttpPrincipal getPrincipal() {
        return null;
    }
}
