package io.jcorn.servlet.access;

import io.jcorn.wire.access.AccessSource;
import io.jcorn.wire.access.BasicUser;
import io.jcorn.wire.access.Slice;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.jspecify.annotations.Nullable;

/** A request that has ended, as Jetty knows it. Used while Jetty's call lasts, and never after: it reuses its objects. */
final class Served implements AccessSource {

    /** The status of a request whose client went away before there was another; nginx's invention. */
    private static final int CLIENT_GONE = 499;

    /** What Jetty makes up for a request whose first line it could not read. */
    private static final String UNREADABLE_METHOD = "BAD";

    private static final String UNREADABLE_PATH = "/badMessage";

    /** How a request ended. */
    private enum Outcome {
        COMPLETE,
        BROKEN_OFF,
        /** Jetty has answered with an error, past the response: it does not count what it wrote, nor as complete. */
        REFUSED,
        CLIENT_GONE
    }

    private final Request request;
    private final Response response;
    private final Outcome outcome;
    private final boolean readable;
    private final long durationNanos;
    private final long endMillis;

    Served(Request request, Response response) {
        this.request = request;
        this.response = response;
        this.outcome = outcome(response);
        this.readable = outcome != Outcome.REFUSED || !unreadable(request);
        this.durationNanos = Math.max(0, System.nanoTime() - request.getHeadersNanoTime());
        this.endMillis = System.currentTimeMillis();
    }

    private static Outcome outcome(Response response) {
        if (response.isCompletedSuccessfully()) {
            return Outcome.COMPLETE;
        }
        if (response.isCommitted()) {
            return Outcome.BROKEN_OFF;
        }
        return response.getStatus() >= HttpStatus.BAD_REQUEST_400 ? Outcome.REFUSED : Outcome.CLIENT_GONE;
    }

    private static boolean unreadable(Request request) {
        return UNREADABLE_METHOD.equals(request.getMethod())
                && UNREADABLE_PATH.equals(request.getHttpURI().getPath());
    }

    @Override
    public void client(Slice into) {
        if (request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress internet
                && internet.getAddress() != null) {
            String address = internet.getAddress().getHostAddress();
            int zone = address.indexOf('%');
            set(into, zone < 0 ? address : address.substring(0, zone));
        }
    }

    @Override
    public void method(Slice into) {
        if (readable) {
            set(into, request.getMethod());
        }
    }

    /** Jetty has decoded the target as UTF-8; its percent signs are as they were sent. */
    @Override
    public void target(Slice into) {
        if (readable) {
            HttpURI uri = request.getHttpURI();
            String target = uri.getPathQuery();
            into.set(target == null ? uri.toString() : target);
        }
    }

    @Override
    public void version(Slice into) {
        if (readable) {
            set(into, request.getConnectionMetaData().getHttpVersion().asString());
        }
    }

    @Override
    public void user(Slice into) {
        requestField("authorization", into);
        if (into.present()) {
            BasicUser.decode(into);
        }
    }

    @Override
    public void requestField(String lowerCaseName, Slice into) {
        set(into, request.getHeaders().get(lowerCaseName));
    }

    @Override
    public void responseField(String lowerCaseName, Slice into) {
        set(into, response.getHeaders().get(lowerCaseName));
    }

    /** Jetty has decoded the octets of fields one to one. */
    private static void set(Slice into, @Nullable String value) {
        if (value != null) {
            byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
            into.set(bytes, 0, bytes.length);
        }
    }

    @Override
    public int status() {
        return outcome == Outcome.CLIENT_GONE ? CLIENT_GONE : response.getStatus();
    }

    /** Jetty counts what the application has written also where HTTP sends none of it (RFC 9110 §9.3.2). */
    @Override
    public long bodyBytes() {
        if (outcome == Outcome.REFUSED) {
            return -1;
        }
        return request.getMethod().equals("HEAD") ? 0 : Response.getContentBytesWritten(response);
    }

    @Override
    public long durationNanos() {
        return durationNanos;
    }

    @Override
    public long endMillis() {
        return endMillis;
    }

    @Override
    public @Nullable String end() {
        return switch (outcome) {
            case COMPLETE -> null;
            case BROKEN_OFF -> "the response is not complete";
            case REFUSED -> refusal();
            case CLIENT_GONE -> "there was no response";
        };
    }

    private String refusal() {
        Object said = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
        return said == null ? HttpStatus.getMessage(response.getStatus()) : said.toString();
    }
}
