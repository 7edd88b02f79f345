package io.jcorn.it.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** As much HTTP/1.1 as applications need that are about sockets: heads without bodies, short answers. */
final class Http {

    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final int LONGEST_HEAD = 4096;

    private Http() {}

    /** Returns an answer after which the connection stays open. */
    static byte[] answer(String body) {
        return bytes("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + END_OF_HEAD + body);
    }

    /** Returns the last answer of a connection. */
    static byte[] lastAnswer(String body) {
        return bytes("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + body.length() + END_OF_HEAD + body);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /** Returns who answers. */
    static String pid() {
        return "pid=" + ProcessHandle.current().pid() + "\n";
    }

    /** Whether a head is complete. */
    static boolean complete(CharSequence head) {
        return head.toString().endsWith(END_OF_HEAD);
    }

    /** Reads a head; empty when the client has left. */
    static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!complete(head)) {
            int next = in.read();
            if (next < 0 || head.length() > LONGEST_HEAD) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** Gives a connection one answer. */
    static void serve(Socket socket, String body) throws IOException {
        try (socket) {
            if (!head(socket.getInputStream()).isEmpty()) {
                socket.getOutputStream().write(lastAnswer(body));
            }
        }
    }
}
