package io.jcorn.compatibility;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client's connection that repeats nothing by itself. */
final class Connection implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private boolean ends;

    /** What the server answered. */
    record Response(int status, String body) {}

    Connection(int port) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    Response get(String target) throws IOException {
        socket.getOutputStream()
                .write(("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        String line = line();
        while (line.startsWith("HTTP/1.1 1")) {
            while (!line().isEmpty()) {
                // An interim response.
            }
            line = line();
        }
        int status = Integer.parseInt(line.split(" ", 3)[1]);
        int length = -1;
        boolean chunked = false;
        for (String header = line().toLowerCase(Locale.ROOT);
                !header.isEmpty();
                header = line().toLowerCase(Locale.ROOT)) {
            String value = header.substring(header.indexOf(':') + 1).strip();
            if (header.startsWith("content-length:")) {
                length = Integer.parseInt(value);
            } else if (header.startsWith("transfer-encoding:")) {
                chunked = value.equals("chunked");
            } else if (header.startsWith("connection:")) {
                ends = value.contains("close");
            }
        }
        return new Response(status, body(chunked, length));
    }

    private String body(boolean chunked, int length) throws IOException {
        if (!chunked && length >= 0) {
            return text(exactly(length));
        }
        if (!chunked) {
            ends = true;
            return text(in.readAllBytes());
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            body.write(exactly(size));
            line();
        }
        while (!line().isEmpty()) {
            // A trailer field.
        }
        return text(body.toByteArray());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private byte[] exactly(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("a response was cut off");
        }
        return bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection ended");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** Whether the server has said that the last response was the last. */
    boolean ends() {
        return ends;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
