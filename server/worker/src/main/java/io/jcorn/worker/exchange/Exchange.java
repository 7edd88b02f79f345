package io.jcorn.worker.exchange;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.app.Traces;
import io.jcorn.worker.http.RequestHead;
import io.jcorn.worker.http.ResponseHead;
import io.jcorn.worker.http.ResponseHead.Framing;
import io.jcorn.worker.http.Status;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, as the JDK's contract describes them. Where the JDK's own server is rougher than its
 * Javadoc, this is what happens instead:
 *
 * <ul>
 *   <li>An exception or error that escapes is answered with 500 as long as nothing has been sent; otherwise the connection is
 *       closed. The JDK closes it, or, after an {@code Error}, leaves it open for ever.
 *   <li>The response to a HEAD tells the length that was given, and swallows what is written; the JDK throws.
 *   <li>Attributes belong to this exchange; in the JDK they belong to the context, so that requests see each other's.
 *   <li>An exchange that is closed before it is answered closes its connection when the handler returns; when the handler
 *       throws instead (the exchange stood in a try-with-resources), that is a 500 as any other.
 *   <li>A response whose every announced byte is written is complete when the handler returns, closed or not.
 *   <li>Names and values of headers are checked when they are sent: an invalid one is an {@code IllegalArgumentException}.
 *   <li>Status 1xx ends the exchange and the connection: interim responses are not part of the contract.
 * </ul>
 *
 * <p>A handler may return and let another thread complete the exchange. One thread at a time may use it.
 */
public final class Exchange extends HttpExchange implements Runnable {

    private final Host host;
    private final Carrier carrier;
    private final RequestHead head;
    private final ResponseBody response;
    private final @Nullable RequestBody body;
    private final long startNanos;
    private final RequestHeaders requestHeaders;
    private final Headers responseHeaders = new Headers();
    private InputStream in;
    private OutputStream out;
    private @Nullable Map<String, Object> attributes;
    private volatile int status = -1;
    private volatile boolean keepAlive;
    private volatile boolean closed;
    private volatile boolean returned;

    /**
     * An exchange that has not begun.
     *
     * @param body the request's body, or null if it has none
     * @param startNanos when the head was complete, by the engine's clock
     */
    public Exchange(Host host, Carrier carrier, RequestHead head, @Nullable RequestBody body, long startNanos) {
        this.host = host;
        this.carrier = carrier;
        this.head = head;
        this.body = body;
        this.startNanos = startNanos;
        this.requestHeaders = new RequestHeaders(head);
        this.response = new ResponseBody(this, carrier, host.patienceNanos());
        this.in = body == null ? EmptyBody.INSTANCE : body;
        this.out = response;
    }

    /** Lets the application handle this. Whatever it throws ends here. */
    @Override
    public void run() {
        try {
            SSLSession session = carrier.session();
            host.handler().handle(session == null ? this : new SecureExchange(this, session));
            settle();
        } catch (Throwable escaped) {
            escaped(escaped);
        } finally {
            handlerReturned();
        }
    }

    private void handlerReturned() {
        boolean closedWithoutAnswer;
        synchronized (this) {
            returned = true;
            closedWithoutAnswer = closed && status < 0;
        }
        if (closedWithoutAnswer) {
            carrier.abort(this);
        }
    }

    /** Whether the handler has returned: if the response is not complete, another thread is expected to complete it. */
    public boolean returned() {
        return returned;
    }

    /** Returns when the head was complete. */
    public long startNanos() {
        return startNanos;
    }

    /** Returns the head of the request. */
    public RequestHead head() {
        return head;
    }

    /** Returns whether the connection stays open after this, as the response says. */
    public boolean keepAlive() {
        return keepAlive;
    }

    /** Returns the last part of the response, or null if there is none to send. For the event loop. */
    public @Nullable ByteBuf takeRemainder() {
        return response.remainder();
    }

    /** The connection is gone. For the event loop. */
    public void connectionLost(IOException why) {
        response.fail(why);
        if (body != null) {
            body.fail(why);
        }
    }

    /** The response is whole. */
    void complete() {
        carrier.finish(this);
    }

    private void settle() throws IOException {
        if (response.filled()) {
            out.close();
        } else if (!response.done() && !closed) {
            response.flush();
        }
    }

    private void escaped(Throwable thrown) {
        BodyFailure client = cause(thrown, BodyFailure.class);
        boolean lost = cause(thrown, ConnectionLost.class) != null;
        if (client == null && !lost) {
            host.row().addShared(Cell.APPLICATION_ERRORS, 1);
            host.log()
                    .error("Error handling request " + head.method() + " " + head.target() + "\n"
                            + Traces.ofApplication(thrown));
        } else {
            host.log().debug("Request " + head.method() + " " + head.target() + ": " + thrown);
        }
        if (lost || response.done() || !response.retract()) {
            if (!response.done()) {
                carrier.abort(this);
            }
            return;
        }
        answer(client == null ? 500 : client.status(), client == null ? null : client.getMessage());
    }

    /** Answers in the place of the application. */
    private void answer(int status, @Nullable String reason) {
        try {
            String text = Status.reason(status) + (reason == null ? "" : ": " + reason) + "\n";
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            responseHeaders.clear();
            responseHeaders.set("Content-Type", "text/plain; charset=utf-8");
            if (status != 500) {
                responseHeaders.set("Connection", "close");
            }
            out = response;
            closed = false;
            sendResponseHeaders(status, bytes.length);
            response.write(bytes, 0, bytes.length);
            response.close();
        } catch (IOException | RuntimeException e) {
            host.log().debug("The client cannot be told of the " + status + ": " + e);
            carrier.abort(this);
        }
    }

    private static <T extends Throwable> @Nullable T cause(Throwable thrown, Class<T> type) {
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < 16; depth++) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
            at = at.getCause();
        }
        return null;
    }

    @Override
    public void sendResponseHeaders(int status, long length) throws IOException {
        if (status < 100 || status > 999) {
            throw new IllegalArgumentException("a status has three digits, not " + status);
        }
        if (length < -1) {
            throw new IllegalArgumentException("a response's length is -1 (none), 0 (unknown) or positive: " + length);
        }
        if (closed) {
            throw new IOException("the exchange is closed");
        }
        boolean bodyless = status < 200 || status == 204 || status == 304;
        boolean isHead = head.method().equals("HEAD");
        Framing framing = framing(bodyless, isHead, length);
        if (framing != Framing.NONE && status < 400) {
            // This handler may answer while it reads, as an echo does. A client that waits for a 100 must get it before
            // the
            // head, or both wait for each other. After an error nobody wants the body.
            carrier.askForBody();
        }
        boolean stays = framing != Framing.CLOSE
                && status >= 200
                && carrier.keepAlive()
                && !ResponseHead.asksToClose(responseHeaders);
        if (isHead) {
            response.swallow(status, responseHeaders, framing, Math.max(0, length), stays, head.http11());
        } else {
            response.begin(status, responseHeaders, framing, Math.max(0, length), stays, head.http11());
        }
        this.keepAlive = stays;
        this.status = status;
        if (response.done()) {
            complete();
        }
    }

    private Framing framing(boolean bodyless, boolean isHead, long length) {
        if (bodyless || (isHead && length < 0)) {
            return Framing.NONE;
        }
        if (length != 0) {
            return Framing.LENGTH;
        }
        if (head.http11()) {
            return Framing.CHUNKED;
        }
        return isHead ? Framing.NONE : Framing.CLOSE;
    }

    @Override
    public void close() {
        boolean answered = status >= 0;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (!answered && !returned) {
                // Within a try-with-resources this may be an exception on its way out, which deserves its 500: wait for
                // it.
                return;
            }
        }
        if (!answered) {
            carrier.abort(this);
            return;
        }
        try {
            in.close();
            out.close();
        } catch (IOException e) {
            host.log().debug("Request " + head.method() + " " + head.target() + ": " + e);
            carrier.abort(this);
        }
    }

    @Override
    public Headers getRequestHeaders() {
        return requestHeaders;
    }

    @Override
    public Headers getResponseHeaders() {
        return responseHeaders;
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

    @Override
    public OutputStream getResponseBody() {
        return out;
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
        return carrier.remoteAddress();
    }

    @Override
    public int getResponseCode() {
        return status;
    }

    @Override
    public InetSocketAddress getLocalAddress() {
        return carrier.localAddress();
    }

    @Override
    public String getProtocol() {
        return head.http11() ? "HTTP/1.1" : "HTTP/1.0";
    }

    @Override
    @SuppressWarnings("NullAway") // The JDK's contract: null when the application set no such attribute.
    public synchronized Object getAttribute(String name) {
        return attributes == null ? null : attributes.get(name);
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
    public void setStreams(@Nullable InputStream in, @Nullable OutputStream out) {
        if (in != null) {
            this.in = in;
        }
        if (out != null) {
            this.out = out;
        }
    }

    @Override
    @SuppressWarnings("NullAway") // Nobody is authenticated.
    public HttpPrincipal getPrincipal() {
        return null;
    }
}
