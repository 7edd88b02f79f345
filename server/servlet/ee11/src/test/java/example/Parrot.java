package example;

import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;

/** A WebSocket that repeats what it is told. */
@ServerEndpoint("/parrot")
public class Parrot {

    /** Answers. */
    @OnMessage
    public String heard(String text) {
        return "heard " + text;
    }
}
