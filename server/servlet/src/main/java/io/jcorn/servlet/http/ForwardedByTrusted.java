package io.jcorn.servlet.http;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Believes Forwarded (RFC 7239) and X-Forwarded-* of trusted peers. Of everybody else these are headers like others: the
 * application sees them, and the addresses stay those of the connection.
 */
public final class ForwardedByTrusted implements HttpConfiguration.Customizer {

    private final ForwardedRequestCustomizer forwarded = new ForwardedRequestCustomizer();
    private final TrustedPeers peers;

    /** A customizer that believes these peers. */
    public ForwardedByTrusted(TrustedPeers peers) {
        this.peers = peers;
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        return peers.trusts(request.getConnectionMetaData().getRemoteSocketAddress())
                ? forwarded.customize(request, responseHeaders)
                : request;
    }
}
