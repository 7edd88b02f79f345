package io.jcorn.examples.guestbook;

import jakarta.websocket.OnClose;
import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.OnOpen;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A WebSocket: says when there is a new entry, and sends back what it is sent. */
@ServerEndpoint("/live")
public final class Live {

    private static final Set<Session> SESSIONS = ConcurrentHashMap.newKeySet();

    /** Tells everybody who is connected to this process. */
    static void tell(String news) {
        for (Session session : SESSIONS) {
            try {
                session.getAsyncRemote().sendText(news, result -> {
                    if (!result.isOK()) {
                        SESSIONS.remove(session);
                    }
                });
            } catch (IllegalStateException e) {
                // It is being told something at this moment, or it is closed: it need not hear this one.
            }
        }
    }

    /** Called by the container. */
    @OnOpen
    public void open(Session session) {
        SESSIONS.add(session);
    }

    /** Called by the container. */
    @OnMessage
    public String echo(String text) {
        return text;
    }

    /** Called by the container. */
    @OnClose
    public void close(Session session) {
        SESSIONS.remove(session);
    }

    /** Called by the container, which then closes: clients that vanish are nothing to write down. */
    @OnError
    public void fail(Session session, Throwable reason) {
        SESSIONS.remove(session);
    }
}
