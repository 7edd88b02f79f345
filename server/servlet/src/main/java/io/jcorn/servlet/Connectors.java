package io.jcorn.servlet;

import io.jcorn.servlet.http.ForwardedByTrusted;
import io.jcorn.servlet.http.Http1ConnectionFactory;
import io.jcorn.wire.Deadlines;
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

    private final HttpConnectionFactory http;
    private final long idleMillis;

    /**
     * Connectors with these options.
     *
     * @throws IllegalArgumentException if one of the options is wrong
     */
    Connectors(ServletOptions options) {
        Deadlines deadlines = options.deadlines();
        // Without kept connections there is no time between requests.
        idleMillis = deadlines.keepAliveMillis() == 0 ? deadlines.firstByteMillis() : deadlines.keepAliveMillis();
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setSendXPoweredBy(false);
        configuration.setPersistentConnectionsEnabled(deadlines.keepAliveMillis() > 0);
        // Jetty knows one time for both directions.
        configuration.setIdleTimeout(Math.max(deadlines.bodyMillis(), deadlines.sendMillis()));
        Forwarding forwarding = options.forwarding().forwarding();
        if (!forwarding.trusted().none()) {
            configuration.addCustomizer(new ForwardedByTrusted(forwarding));
        }
        http = new Http1ConnectionFactory(configuration, options);
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
