package io.jcorn.servlet;

import io.jcorn.servlet.http.ForwardedByTrusted;
import io.jcorn.servlet.http.Limits;
import io.jcorn.wire.Handover.InheritedListener;
import io.jcorn.wire.ServletOptions;
import io.jcorn.wire.forwarded.Forwarding;
import java.nio.file.Path;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Makes one connector per listener of the master. They bind as connectors do; the agent puts the inherited socket in place. */
final class Connectors {

    /** How long a client may be silent in the middle of a request, in milliseconds, when connections are kept for less. */
    private static final long REQUEST_IDLE_MILLIS = 30_000;

    private final HttpConnectionFactory http;
    private final long idleMillis;

    /**
     * Connectors with these options.
     *
     * @throws IllegalArgumentException if one of the options is wrong
     */
    Connectors(ServletOptions options) {
        idleMillis = options.keepAliveMillis() == 0 ? REQUEST_IDLE_MILLIS : options.keepAliveMillis();
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendXPoweredBy(false);
        configuration.setPersistentConnectionsEnabled(options.keepAliveMillis() > 0);
        configuration.setIdleTimeout(Math.max(options.keepAliveMillis(), REQUEST_IDLE_MILLIS));
        configuration.setRequestHeaderSize(Limits.head(options));
        Forwarding forwarding = options.forwarding().forwarding();
        if (!forwarding.trusted().none()) {
            configuration.addCustomizer(new ForwardedByTrusted(forwarding));
        }
        http = new HttpConnectionFactory(configuration);
    }

    /**
     * Makes the connector of one listener.
     *
     * @throws IllegalArgumentException if there is no connector for such an address
     */
    AbstractConnector of(Server server, InheritedListener listener) {
        AbstractConnector connector =
                listener.unix() ? unix(server, listener.address()) : internet(server, listener.address());
        connector.setName(listener.address());
        connector.setIdleTimeout(idleMillis);
        return connector;
    }

    private AbstractConnector internet(Server server, String address) {
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon);
        ServerConnector connector = new ServerConnector(server, null, null, null, 1, 1, http);
        connector.setHost(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
        connector.setPort(Integer.parseInt(address.substring(colon + 1)));
        return connector;
    }

    private AbstractConnector unix(Server server, String address) {
        String path = address.substring("unix:".length());
        if (path.startsWith("@")) {
            throw new IllegalArgumentException("A servlet application cannot be served on " + address
                    + ": Java has no abstract Unix sockets. Bind a path, as in unix:/run/jcorn.sock, or an address");
        }
        KeptUnixConnector connector = new KeptUnixConnector(server, http);
        connector.setUnixDomainPath(Path.of(path));
        return connector;
    }
}
