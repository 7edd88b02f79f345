package io.jcorn.servlet;

import java.nio.file.Path;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;

/**
 * A connector on a Unix socket whose path is the master's: Jetty's own removes the path when it stops, and the siblings of this
 * worker would be unreachable.
 */
final class KeptUnixConnector extends UnixDomainServerConnector {

    private volatile boolean stopping;

    KeptUnixConnector(Server server, HttpConnectionFactory http) {
        super(server, null, null, null, 1, 1, http);
    }

    @Override
    protected void doStop() throws Exception {
        stopping = true;
        super.doStop();
    }

    /** Returns a path that does not exist while Jetty looks for one to remove. */
    @Override
    public Path getUnixDomainPath() {
        Path path = super.getUnixDomainPath();
        return stopping ? path.resolveSibling(path.getFileName() + ".kept") : path;
    }
}
