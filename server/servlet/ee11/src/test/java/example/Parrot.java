package example;

import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;

/** A WebSocket that repeats what it is told. */
@ServerEndpoint("/parrot")
public class Parrot {

    /** The property of the JVM that tells what went wrong. */
    public static final String ERROR = "example.parrot";

    /** Answers. */
    @OnMessage
    public String heard(String text) {
        return "heard " + text;
    }

    /** Notes it. */
    @OnError
    public void failed(Throwable thrown) {
        System.setProperty(ERROR, thrown.toString());
    }
}
