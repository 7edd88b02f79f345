package io.jcorn.servlet.ee10;

import io.jcorn.servlet.deploy.Deployment;
import jakarta.websocket.Session;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.ee10.websocket.jakarta.common.JakartaWebSocketSession;
import org.eclipse.jetty.ee10.websocket.jakarta.server.JakartaWebSocketServerContainer;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.session.AbstractSessionManager;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;

/** An application of Jakarta EE 10. */
record Ee10Deployment(WebAppContext context) implements Deployment {

    @Override
    public ContextHandler handler() {
        return context;
    }

    @Override
    public AbstractSessionManager sessions() {
        return context.getSessionHandler();
    }

    @Override
    public void closeWebSockets() {
        JakartaWebSocketServerContainer container =
                JakartaWebSocketServerContainer.getContainer(context.getServletContext());
        if (container == null) {
            return;
        }
        for (Session session : container.getOpenSessions()) {
            if (session instanceof JakartaWebSocketSession open) {
                // Not by its own close(): when the reason is not normal, that tells the application of an error.
                open.getCoreSession().close(CloseStatus.SHUTDOWN, "The server is going away", Callback.NOOP);
            }
        }
    }
}
