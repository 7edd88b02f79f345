package io.jcorn.worker.exchange;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.app.Traces;
import io.jcorn.worker.http.RequestHead;
import io.jcorn.worker.http.ResponseHead;
import io.jcorn.worker.http.ResponseHead.Framing;
import io.jcorn.worker.http.ResponseHeaders;
import io.jcorn.worker.http.Version;
import io.jcorn.worker.websocket.Opening;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.WebSocket;
import java.nio.channels.FileChannel;
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
 *   <li>Some attributes are there without having been set: see {@link Attributes}.
 *   <li>Status 101 makes the connection a WebSocket, when the attribute {@link #LISTENER} holds who is told what arrives.
 *   <li>Any other status 1xx sends an interim response with the response headers as they are then (103 with {@code Link} is an
 *       early hint) and the exchange goes on; the headers stay. HTTP/1.0 knows none, so nothing is sent there. 100 tells a
 *       client that waits for it to send the body.
 *   <li>205 has no content, as RFC 9110 §15.3.6 demands.
 *   <li>The attribute {@value #TRAILERS} is the trailer fields of a chunked request once its body has been read to its end, a
 *       {@code Map<String, List<String>>} that cannot be modified and finds names in whatever case; null if there are none.
 *       They are never mixed with the headers, and those that RFC 9110 §6.5.1 forbids are left out.
 * </ul>
 *
 * <p>A handler may return and let another thread complete the exchange. One thread at a time may use it.
 */
public final class Exchange extends Received {

    /** The attribute that makes a 101 the opening of a WebSocket: the name of the type that it holds. */
    public static final String LISTENER = "java.net.http.WebSocket.Listener";

    /**
     * A WebSocket that the application has accepted.
     *
     * @param opening what was agreed on
     * @param listener who is told what arrives
     */
    public record Conversation(Opening opening, WebSocket.Listener listener) {}

    /** What may be missing of a body when the response begins, for the connection to be kept. */
    private static final long SKIPPED = 256 << 10;

    private final ResponseBody response;
    private final ResponseHeaders responseHeaders = new ResponseHeaders();
    private OutputStream out;
    private @Nullable Conversation conversation;

    // Not volatile, which would cost every request: whoever completes the response hands these over with it.
    private int status = -1;
    private boolean keepAlive;
    private boolean closed;

    /** The status of the response that the server gave in the place of the application; 0 if it did not. */
    private volatile int supplant;

    private volatile boolean supplantStays;

    /**
     * An exchange that has not begun.
     *
     * @param body the request's body, or null if it has none
     * @param startNanos when the head was complete, by the engine's clock
     */
    public Exchange(Host host, Carrier carrier, RequestHead head, @Nullable RequestBody body, long startNanos) {
        super(host, carrier, head, body, startNanos);
        this.response = new ResponseBody(this, carrier);
        this.out = response;
    }

    @Override
    void handle() {
        if (carrier.futile()) {
            return;
        }
        try {
            SSLSession session = carrier.session();
            host.handler().handle(session == null ? this : new SecureExchange(this, session));
            settle();
        } catch (Throwable escaped) {
            escaped(escaped);
        }
    }

    @Override
    boolean givenUp() {
        return closed && status < 0 && supplant == 0;
    }

    /** Returns the exchange behind what a handler was given: the same one, but for TLS. */
    public static Exchange behind(HttpExchange given) {
        return given instanceof SecureExchange secure ? secure.plain() : (Exchange) given;
    }

    /** Whether the whole response is there. */
    public boolean complete() {
        return response.done();
    }

    @Override
    public void cutOff() {
        carrier.abort(this);
    }

    @Override
    void left() {
        carrier.handlerReturned();
    }

    /** No thread will ever have this: its place is free. */
    public void withdrawn() {
        carrier.handlerReturned();
    }

    /** Returns whether the connection stays open after this, as the response says. */
    public boolean keepAlive() {
        return supplant > 0 ? supplantStays : keepAlive;
    }

    /** Returns the last part of the response, or null if there is none to send. For the event loop. */
    public @Nullable ByteBuf takeRemainder() {
        return response.remainder();
    }

    /** Returns what the connection becomes after this exchange, or null. */
    public @Nullable Conversation conversation() {
        return conversation;
    }

    /** Returns how many bytes of the response's body were sent so far, without framing. */
    public long sentBytes() {
        return response.sentBytes();
    }

    /** The connection is gone. For the event loop. */
    public void connectionLost(IOException why) {
        response.fail(why);
        if (body != null) {
            body.fail(why);
        }
    }

    /** The response is whole. */
    void finish() {
        carrier.finish(this);
    }

    private void settle() throws IOException {
        if (response.filled()) {
            out.close();
        } else if (!response.doneHere() && !closed) {
            response.flush();
        }
    }

    private void escaped(Throwable thrown) {
        if (overdue()) {
            host.log()
                    .debug("Request " + head.method() + " " + head.target() + " ended after its time: "
                            + shown(thrown));
            return;
        }
        Blame blame = Blame.of(thrown);
        if (blame.applications()) {
            host.row().addShared(Cell.APPLICATION_ERRORS, 1);
        }
        report(thrown, blame);
        boolean answered = !blame.lost() && answerInstead(blame.status(), blame.reason(), 0);
        if (!answered && !response.done()) {
            carrier.abort(this);
        }
    }

    private void report(Throwable thrown, Blame blame) {
        String request = head.method() + " " + head.target();
        if (blame.applications()) {
            host.log().error("Error handling request " + request + "\n" + trace(thrown));
        } else if (host.log().enabled(LogLevel.DEBUG)) {
            host.log().debug("Request " + request + ": " + shown(thrown));
        }
    }

    /** The client gets its answer, even if the exception's own methods throw. */
    private static String trace(Throwable thrown) {
        try {
            return Traces.ofApplication(thrown);
        } catch (Throwable unspeakable) {
            return shown(thrown) + ", which cannot be shown: "
                    + unspeakable.getClass().getName();
        }
    }

    private static String shown(Throwable thrown) {
        try {
            return thrown.toString();
        } catch (Throwable unspeakable) {
            return thrown.getClass().getName();
        }
    }

    /**
     * Answers in the place of the application, which may be at work meanwhile: whatever it does to this exchange fails from
     * now on. From any thread.
     *
     * @param reason what the client reads after the status
     * @param retryAfter seconds after which the client may try again; 0: nothing is said of that
     * @return false if a part of the application's response has left already, or all of it is there
     */
    public boolean answerInstead(int status, String reason, int retryAfter) {
        boolean stays = mayStay(Framing.LENGTH) && status >= 500;
        PlainAnswer answer = new PlainAnswer(status, reason, retryAfter);
        ConnectionLost late = new ConnectionLost("the server has answered with " + status + " already");
        if (!response.supplant(answer, stays, head.method().equals("HEAD"), late)) {
            return false;
        }
        supplantStays = stays;
        supplant = status;
        if (body != null) {
            body.fail(late);
        }
        finish();
        return true;
    }

    /**
     * Begins the response. If {@link Attributes#FILE} is set, the body is taken from that file and the exchange is complete.
     *
     * @throws IOException also if that file cannot be read or is too short; then nothing is sent
     */
    @Override
    public void sendResponseHeaders(int status, long length) throws IOException {
        Object file = length > 0 && status >= 200 ? getAttribute(Attributes.FILE) : null;
        if (file == null) {
            sendHead(status, length);
            return;
        }
        long start = getAttribute(Attributes.FILE_START) instanceof Number number ? number.longValue() : 0;
        sendFile(status, Attributes.open(file, start, length), start, length);
    }

    private void sendHead(int status, long length) throws IOException {
        if (status < 100 || status > 999) {
            throw new IllegalArgumentException("a status has three digits, not " + status);
        }
        if (length < -1) {
            throw new IllegalArgumentException("a response's length is -1 (none), 0 (unknown) or positive: " + length);
        }
        if (closed) {
            throw new IOException("the exchange is closed");
        }
        if (status == 101) {
            converse();
            length = -1;
        } else if (status < 200) {
            interim(status);
            return;
        }
        boolean isHead = head.method().equals("HEAD");
        Framing framing = Framing.of(status, isHead, length, head.version());
        long size = status == 205 ? 0 : Math.max(0, length);
        if (framing != Framing.NONE && status < 400) {
            // This handler may answer while it reads, as an echo does. A client that waits for a 100 must get it
            // before the head, or both wait for each other. After an error nobody wants the body.
            carrier.askForBody();
        }
        boolean stays = framing != Framing.CLOSE
                && status >= 200
                && mayStay(framing)
                && !ResponseHead.asksToClose(responseHeaders);
        boolean complete = isHead;
        if (isHead) {
            response.swallow(status, responseHeaders, framing, size, stays);
        } else {
            complete = response.begin(status, responseHeaders, framing, size, stays);
        }
        this.keepAlive = stays;
        this.status = status;
        if (complete) {
            finish();
        }
    }

    /**
     * Whether another request may follow on the connection. None does behind a body of which a lot is yet to come: the client
     * learns now that what the application leaves of it ends the connection. A response in chunks is about to be made from the
     * body, most likely.
     */
    private boolean mayStay(Framing framing) {
        return carrier.keepAlive()
                && (body == null
                        || framing == Framing.CHUNKED
                        || head.version() == Version.HTTP_2
                        || body.outstanding(head.bodyLength()) <= SKIPPED);
    }

    /** The application accepts a WebSocket. What the client sent decides whether there is one. */
    private void converse() throws IOException {
        if (!(getAttribute(LISTENER) instanceof WebSocket.Listener listener)) {
            throw new IllegalArgumentException(
                    "status 101 opens a WebSocket, whose listener has to be the attribute " + LISTENER);
        }
        Opening opening = Opening.of(
                head.method(),
                head.version() == Version.HTTP_1_1,
                getRequestHeaders(),
                responseHeaders,
                host.webSocket());
        opening.complete(responseHeaders);
        conversation = new Conversation(opening, listener);
    }

    private void interim(int status) throws IOException {
        if (this.status >= 0) {
            throw new IOException("headers already sent");
        }
        if (status == 100) {
            carrier.askForBody();
        } else if (head.version() != Version.HTTP_1_0) {
            carrier.interim(this, status, responseHeaders);
        }
    }

    /**
     * Sends a part of a file as the whole response, where possible without copying it, and closes this exchange.
     *
     * @param file closed when it is done with, at once or later
     * @param start where the body begins in the file
     * @param length the length of the body
     */
    public void sendFile(int status, FileChannel file, long start, long length) throws IOException {
        try {
            sendHead(status, length == 0 ? -1 : length);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
        if (length == 0 || response.done()) {
            file.close();
        } else if (out == response) {
            response.transfer(file, start, length);
        } else {
            FileCopy.copy(file, start, length, out);
        }
        close();
    }

    @Override
    public void close() {
        boolean answered = status >= 0;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            if (!answered && !returned()) {
                // Within a try-with-resources this may be an exception on its way out, which deserves its 500:
                // wait for it.
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
    public Headers getResponseHeaders() {
        return responseHeaders;
    }

    @Override
    public OutputStream getResponseBody() {
        return out;
    }

    @Override
    public int getResponseCode() {
        return supplant > 0 ? supplant : status;
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
}
