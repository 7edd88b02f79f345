package io.jcorn.examples.plainsocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Speaks as much HTTP/1.1 (RFC 9112) as the application needs: one request without a body for each connection, which is
 * closed after the answer.
 */
final class Connections {

    private static final Pattern SLOW = Pattern.compile("/slow\\?ms=([0-9]{1,5})");
    private static final int MOST_MILLIS = 60_000;
    private static final int MOST_LINES = 100;
    /** For how many milliseconds a client may say nothing. */
    private static final int PATIENCE = 5_000;

    private static final int PATIENCE_AT_THE_END = 500;

    private final String version;

    Connections(String version) {
        this.version = version;
    }

    /** Answers the one request of a connection. What goes wrong ends this connection and nothing else. */
    void serve(Socket socket) {
        try (socket) {
            socket.setSoTimeout(PATIENCE);
            String requestLine = head(new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1)));
            if (!requestLine.isEmpty()) {
                socket.getOutputStream().write(answer(requestLine).bytes());
                sayGoodbye(socket);
            }
        } catch (IOException e) {
            System.err.println("Lost a connection: " + e);
        }
    }

    /** The first line of a request; nothing when the client left. The header fields are read and not looked at. */
    private static String head(BufferedReader in) throws IOException {
        String requestLine = in.readLine();
        String line = requestLine;
        for (int lines = 0; line != null && !line.isEmpty(); lines++) {
            if (lines == MOST_LINES) {
                throw new IOException("the request has too many header fields");
            }
            line = in.readLine();
        }
        return line == null || requestLine == null ? "" : requestLine;
    }

    private Answer answer(String requestLine) {
        String[] words = requestLine.split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            return new Answer("400 Bad Request", "That is no request.\n");
        }
        if (!words[0].equals("GET")) {
            return new Answer("405 Method Not Allowed", "Only GET is known here.\n");
        }
        String target = words[1];
        return switch (target) {
            case "/hello" -> new Answer("200 OK", "Hello, World!\n");
            case "/version" -> new Answer("200 OK", version);
            case "/pid" ->
                new Answer("200 OK", Long.toString(ProcessHandle.current().pid()));
            default -> target.startsWith("/slow") ? slow(target) : new Answer("404 Not Found", "Nothing is here.\n");
        };
    }

    /** Answers late, holding its thread as an application that waits for a database does. */
    private static Answer slow(String target) {
        Matcher given = SLOW.matcher(target);
        int millis = given.matches() ? Integer.parseInt(given.group(1)) : MOST_MILLIS + 1;
        if (millis > MOST_MILLIS) {
            return new Answer("400 Bad Request", "ms is not a number from 0 to " + MOST_MILLIS + ".\n");
        }
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Answer("200 OK", "done\n");
    }

    /** Waits for the client to close: an early close with unread bytes resets the connection, and the answer with it. */
    private static void sayGoodbye(Socket socket) throws IOException {
        socket.shutdownOutput();
        socket.setSoTimeout(PATIENCE_AT_THE_END);
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (SocketTimeoutException e) {
            // It has had its answer for long enough.
        }
    }

    private record Answer(String status, String text) {

        byte[] bytes() {
            byte[] body = text.getBytes(UTF_8);
            byte[] head = String.format(
                            Locale.ROOT,
                            "HTTP/1.1 %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n",
                            status,
                            body.length)
                    .getBytes(ISO_8859_1);
            byte[] all = new byte[head.length + body.length];
            System.arraycopy(head, 0, all, 0, head.length);
            System.arraycopy(body, 0, all, head.length, body.length);
            return all;
        }
    }
}
