package io.jcorn.servlet;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client that sees each byte of HTTP/1.1 on one connection. */
final class RawClient implements Closeable {

    private final Socket socket;
    private final BufferedReader in;

    RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        // Longer than anything takes: a server that never answers must not hang the tests.
        socket.setSoTimeout(60_000);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    void get(String path) throws IOException {
        send("GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n");
    }

    /** Reads a head and the body that its length tells of. Returns the head in lower case; empty: the connection was closed. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        String line;
        while ((line = in.readLine()) != null && !line.isEmpty()) {
            head.append(line.toLowerCase(Locale.ROOT)).append('\n');
        }
        int at = head.indexOf("content-length: ");
        if (at >= 0) {
            int length = Integer.parseInt(head.substring(at + 16, head.indexOf("\n", at)));
            for (int i = 0; i < length; i++) {
                in.read();
            }
        }
        return head.toString();
    }

    /** Whether the server closes the connection without a further word. */
    boolean closed() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
