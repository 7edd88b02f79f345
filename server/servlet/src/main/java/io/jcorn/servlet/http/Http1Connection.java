package io.jcorn.servlet.http;

import io.jcorn.wire.Deadlines;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.NetworkChannel;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's connection of HTTP/1.1, held to {@link ReadingRules}: what its parser takes and the specification does not is refused here, at
 * the three places that it asks: the bytes of the line, each field, the end of the head.
 */
final class Http1Connection extends HttpConnection {

    private final ReadingRules rules;
    private final Deadlines deadlines;

    /** Made while the super class is, before any field of this class has a value; hence without one here. */
    private @Nullable Reader reader;

    private int requests;

    /** How long the connection may be idle between requests, in milliseconds, while that is not what holds at the moment. */
    private long idleMillis;

    /** A connection. */
    Http1Connection(
            HttpConfiguration configuration,
            Connector connector,
            EndPoint endPoint,
            ReadingRules rules,
            Deadlines deadlines) {
        super(configuration, connector, endPoint);
        this.rules = rules;
        this.deadlines = deadlines;
    }

    @Override
    public void onOpen() {
        allowSilence(deadlines.firstByteMillis());
        super.onOpen();
    }

    /** Until the head is complete. */
    private void allowSilence(long millis) {
        if (idleMillis == 0) {
            idleMillis = getEndPoint().getIdleTimeout();
        }
        getEndPoint().setIdleTimeout(millis);
    }

    private void allowIdleness() {
        if (idleMillis != 0) {
            getEndPoint().setIdleTimeout(idleMillis);
            idleMillis = 0;
        }
    }

    @Override
    protected RequestHandler newRequestHandler() {
        reader = new Reader();
        return reader;
    }

    @Override
    protected HttpParser newHttpParser(HttpCompliance compliance) {
        HttpConfiguration configuration = getHttpConfiguration();
        HttpParser parser =
                new Parser(Objects.requireNonNull(reader), configuration.getRequestHeaderSize(), compliance);
        parser.setHeaderCacheSize(configuration.getHeaderCacheSize());
        parser.setHeaderCacheCaseSensitive(configuration.isHeaderCacheCaseSensitive());
        return parser;
    }

    @Override
    protected HttpStreamOverHTTP1 newHttpStream(String method, String uri, HttpVersion version) {
        return new Stream(method, uri, version);
    }

    /** Whether a field frames or routes the message, so that it must not be folded. */
    private static boolean crucial(@Nullable HttpHeader header) {
        return header == HttpHeader.CONTENT_LENGTH
                || header == HttpHeader.TRANSFER_ENCODING
                || header == HttpHeader.HOST
                || header == HttpHeader.CONNECTION;
    }

    /** Cuts the connection so that the client sees it: a plain end would make a truncated response whole (RFC 9112, section 8). */
    private void resetWhenClosed() {
        if (getEndPoint().getTransport() instanceof NetworkChannel channel) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException | UnsupportedOperationException e) {
                // It is closed already, or a Unix socket, which cannot be reset.
            }
        }
    }

    /** The parser, with a look at each request line before it. */
    private final class Parser extends HttpParser {

        private final Reader reader;

        Parser(Reader reader, int longestHead, HttpCompliance compliance) {
            super(reader, longestHead, compliance);
            this.reader = reader;
        }

        @Override
        public boolean parseNext(ByteBuffer buffer) {
            boolean parsed = parse(buffer);
            if (inHead() && !isStart()) {
                allowSilence(deadlines.headMillis());
            }
            return parsed;
        }

        private boolean inHead() {
            return getState().compareTo(State.HEADER) <= 0;
        }

        /** A byte now and then keeps the connection from being idle, but not the head from being late. */
        private boolean late() {
            return inHead()
                    && !isStart()
                    && System.nanoTime() - getBeginNanoTime() > TimeUnit.MILLISECONDS.toNanos(deadlines.headMillis());
        }

        private boolean parse(ByteBuffer buffer) {
            if (late()) {
                BufferUtil.clear(buffer);
                badMessage(
                        new HttpException.RuntimeException(HttpStatus.REQUEST_TIMEOUT_408, "The head took too long"));
                return false;
            }
            if (getState().compareTo(State.HEADER) < 0) {
                HttpException refusal = reader.line.check(buffer, rules);
                if (refusal != null) {
                    BufferUtil.clear(buffer);
                    badMessage(refusal);
                    return false;
                }
            } else if (isState(State.TRAILER) && isAtEOF() && !buffer.hasRemaining()) {
                // Jetty forgives that the last line is missing; a body that is cut off there is incomplete (RFC
                // 9112, section 8).
                setState(State.CLOSED);
                reader.earlyEOF();
                return false;
            }
            return super.parseNext(buffer);
        }

        @Override
        protected void checkViolation(HttpCompliance.Violation violation) {
            super.checkViolation(violation);
            reader.folded |= violation == HttpCompliance.Violation.MULTILINE_FIELD_VALUE;
        }

        @Override
        public void reset() {
            super.reset();
            reader.line.reset();
        }
    }

    /** Sees each part of a request when it has been parsed. */
    private final class Reader extends RequestHandler {

        private final RequestLineCheck line = new RequestLineCheck();
        private HttpVersion version = HttpVersion.HTTP_1_1;
        private int fields;
        private boolean coded;
        private boolean folded;

        @Override
        public void startRequest(String method, String uri, HttpVersion version) {
            this.version = version;
            fields = 0;
            coded = false;
            folded = false;
            super.startRequest(method, uri, version);
            line.checkLength(rules);
            if (uri.charAt(0) != '/' && uri.charAt(0) != '*' && !hypertext(uri)) {
                throw BadRequest.because("The target is neither a path nor a URI of http or https");
            }
        }

        private boolean hypertext(String uri) {
            return uri.regionMatches(true, 0, "http://", 0, 7) || uri.regionMatches(true, 0, "https://", 0, 8);
        }

        @Override
        public void parsedHeader(HttpField field) {
            rules.checkSize(field, ++fields);
            if (!rules.admits(field, getRemoteSocketAddress())) {
                folded = false;
                return;
            }
            if (folded && crucial(field.getHeader())) {
                throw BadRequest.because("A header field that frames the message must not be folded");
            }
            folded = false;
            if (field.getHeader() == HttpHeader.TRANSFER_ENCODING) {
                coded = true;
                FieldChecks.codings(field.getValue());
            } else if (field.getHeader() == HttpHeader.CONNECTION) {
                FieldChecks.connection(field.getValue());
            } else if (field.getHeader() == HttpHeader.HOST) {
                FieldChecks.host(field.getValue());
            }
            super.parsedHeader(field);
        }

        @Override
        public void parsedTrailer(HttpField field) {
            rules.checkSize(field, ++fields);
            if (rules.admits(field, getRemoteSocketAddress())) {
                super.parsedTrailer(field);
            }
        }

        @Override
        public boolean headerComplete() {
            if (coded && version == HttpVersion.HTTP_1_0) {
                // Its framing is faulty, whatever it says (RFC 9112, section 6.1).
                throw BadRequest.because("HTTP/1.0 has no Transfer-Encoding");
            }
            fields = 0;
            allowIdleness();
            boolean handle = super.headerComplete();
            if (++requests == deadlines.connectionRequests()) {
                getGenerator().setPersistent(false);
            }
            return handle;
        }

        @Override
        public void badMessage(HttpException failure) {
            // Else Jetty keeps the connection whose target it has refused, and hears nothing more on it.
            getGenerator().setPersistent(false);
            super.badMessage(failure);
        }
    }

    /** One request and its response. */
    private final class Stream extends HttpStreamOverHTTP1 {

        private final HttpVersion version;
        private boolean lengthSaid;

        Stream(String method, String uri, HttpVersion version) {
            super(method, uri, version);
            this.version = version;
        }

        @Override
        public void parsedHeader(HttpField field) {
            boolean ignored = version == HttpVersion.HTTP_1_0 && field.getHeader() == HttpHeader.EXPECT;
            // The application sees it, but nobody is told to continue who cannot be (RFC 9110, section 10.1.1).
            super.parsedHeader(ignored ? new HttpField(null, field.getName(), field.getValue()) : field);
        }

        @Override
        public void prepareResponse(HttpFields.Mutable headers) {
            super.prepareResponse(headers);
            if (!getGenerator().isPersistent(version) && !headers.contains(HttpHeader.UPGRADE)) {
                headers.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
            }
        }

        @Override
        public void send(
                MetaData.@Nullable Request request,
                MetaData.@Nullable Response response,
                boolean last,
                @Nullable ByteBuffer content,
                Callback callback) {
            if (response != null) {
                lengthSaid = last
                        || response.getContentLength() >= 0
                        || response.getHttpFields().contains(HttpHeader.CONTENT_LENGTH);
            }
            super.send(request, response, last, content, callback);
        }

        @Override
        public void failed(Throwable failure) {
            boolean begun = getGenerator().isCommitted() && !getGenerator().isEnd();
            boolean endIsTheEnd = !lengthSaid && !getGenerator().isChunking();
            if (begun && (endIsTheEnd || failure instanceof TimeoutException)) {
                resetWhenClosed();
            }
            super.failed(failure);
        }
    }
}
