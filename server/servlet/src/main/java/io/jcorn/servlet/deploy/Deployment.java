package io.jcorn.servlet.deploy;

import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.session.AbstractSessionManager;

/** A deployed application. */
public interface Deployment {

    /** Returns what handles its requests; to start it is to start the application. Whatever fails then is thrown. */
    ContextHandler handler();

    /** Returns what manages its sessions. */
    AbstractSessionManager sessions();

    /** Says goodbye to all WebSocket clients: 1001, going away (RFC 6455 section 7.4.1). */
    void closeWebSockets();
}
