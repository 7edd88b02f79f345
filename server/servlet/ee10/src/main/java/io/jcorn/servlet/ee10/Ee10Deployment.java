package io.jcorn.servlet.ee10;

import io.jcorn.servlet.deploy.Deployment;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.io.IOException;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.ee10.websocket.jakarta.server.JakartaWebSocketServerContainer;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.session.AbstractSessionManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An application of Jakarta EE 10. */
record Ee10Deployment(WebAppContext context) implements Deployment {

    private static final Logger LOG = LoggerFactory.getLogger(Ee10Deployment.class);

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
        CloseReason leaving = new CloseReason(CloseReason.CloseCodes.GOING_AWAY, "The server is going away");
        for (Session session : container.getOpenSessions()) {
            try {
                session.close(leaving);
            } catch (IOException | RuntimeException e) {
                LOG.debug("A WebSocket client has left before it was told to: {}", e.toString());
            }
        }
    }
}
