package io.jcorn.servlet.http;

import io.jcorn.wire.forwarded.Forwarding;
import io.jcorn.wire.forwarded.HeaderLines;
import io.jcorn.wire.forwarded.Origin;
import java.net.SocketAddress;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.HostPort;
import org.jspecify.annotations.Nullable;

/**
 * Believes Forwarded (RFC 7239) and X-Forwarded-* of trusted peers, by the same rules as handler workers. Of everybody else these
 * are headers like others: the application sees them, and the addresses stay those of the connection.
 *
 * <p>Jetty's own customizer believes the first address of a list, which is the one that the client may have written itself.
 */
public final class ForwardedByTrusted implements HttpConfiguration.Customizer {

    private final Forwarding forwarding;

    /** A customizer that believes these peers. */
    public ForwardedByTrusted(Forwarding forwarding) {
        this.forwarding = forwarding;
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        if (!forwarding.trusted().trusts(request.getConnectionMetaData().getRemoteSocketAddress())) {
            return request;
        }
        HeaderLines lines = request.getHeaders()::getValuesList;
        if (forwarding.contradictory(lines)) {
            throw new HttpException.RuntimeException(
                    HttpStatus.BAD_REQUEST_400, "The headers that tell the scheme contradict each other");
        }
        Origin origin = forwarding.origin(lines);
        return origin.silent() ? request : new Forwarded(request, origin);
    }

    /** A request as its client sent it to the proxy. */
    private static final class Forwarded extends Request.Wrapper {

        private final HttpURI uri;
        private final HttpFields headers;
        private final Ends ends;

        Forwarded(Request request, Origin origin) {
            super(request);
            String scheme = origin.scheme();
            HttpURI.Mutable uri = HttpURI.build(request.getHttpURI());
            if (scheme != null) {
                uri.scheme(scheme);
            }
            HostPort authority = origin.authority() == null ? null : new HostPort(origin.authority());
            if (authority != null) {
                uri.authority(authority.getHost(), authority.getPort());
            }
            this.uri = uri.asImmutable();
            // Jetty refuses a request whose host is not the one of its URI.
            this.headers = authority == null
                    ? request.getHeaders()
                    : HttpFields.build(request.getHeaders())
                            .put(new HostPortHttpField(authority))
                            .asImmutable();
            this.ends = new Ends(request.getConnectionMetaData(), origin, authority);
        }

        @Override
        public HttpURI getHttpURI() {
            return uri;
        }

        @Override
        public HttpFields getHeaders() {
            return headers;
        }

        @Override
        public ConnectionMetaData getConnectionMetaData() {
            return ends;
        }

        @Override
        public boolean isSecure() {
            return ends.isSecure();
        }
    }

    /** The connection as its client made it to the proxy. */
    private static final class Ends extends ConnectionMetaData.Wrapper {

        private final Origin origin;
        private final @Nullable HostPort authority;

        Ends(ConnectionMetaData connection, Origin origin, @Nullable HostPort authority) {
            super(connection);
            this.origin = origin;
            this.authority = authority;
        }

        @Override
        public boolean isSecure() {
            return origin.scheme() == null ? super.isSecure() : origin.scheme().equals("https");
        }

        @Override
        public SocketAddress getRemoteSocketAddress() {
            return origin.client() == null ? super.getRemoteSocketAddress() : origin.client();
        }

        @Override
        public HostPort getServerAuthority() {
            return authority == null ? super.getServerAuthority() : authority;
        }
    }
}
