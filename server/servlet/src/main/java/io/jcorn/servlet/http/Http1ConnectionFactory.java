package io.jcorn.servlet.http;

import io.jcorn.wire.Deadlines;
import io.jcorn.wire.ServletOptions;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;

/** Makes the connections of HTTP/1.1, all by the same rules. */
public final class Http1ConnectionFactory extends HttpConnectionFactory {

    private final ReadingRules rules;
    private final Deadlines deadlines;

    /** A factory; sets what concerns the reading of requests in this configuration. */
    public Http1ConnectionFactory(HttpConfiguration configuration, ServletOptions options) {
        super(configuration);
        rules = new ReadingRules(options);
        deadlines = options.deadlines();
        configuration.setHttpCompliance(rules.http());
        configuration.setUriCompliance(ReadingRules.uri());
        configuration.setRequestHeaderSize(rules.longestHead());
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        return configure(
                new Http1Connection(getHttpConfiguration(), connector, endPoint, rules, deadlines),
                connector,
                endPoint);
    }
}
