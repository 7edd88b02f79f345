package io.jcorn.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** One HTTP/1.1 connection to the loopback that hides nothing: no retry, no pool, every end told apart. Not for several threads. */
public final class HttpConnection implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    private static final int CONNECT_MILLIS = 15_000;
    private static final int READ_MILLIS = 30_000;

    private final SocketChannel channel;
    private final InputStream in;
    private int answers;
    private long lastPid;

    private HttpConnection(SocketChannel channel, InputStream in) {
        this.channel = channel;
        this.in = new BufferedInputStream(in);
    }

    /**
     * Connects.
     *
     * @throws LossException if it is refused or takes too long
     */
    public static HttpConnection open(int port) throws IOException {
        return open(LOOPBACK, port);
    }

    private static HttpConnection open(String address, int port) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
            channel.socket().setSoTimeout(READ_MILLIS);
            channel.socket().setTcpNoDelay(true);
            return new HttpConnection(channel, channel.socket().getInputStream());
        } catch (ConnectException e) {
            channel.close();
            throw new LossException(Loss.REFUSED, String.valueOf(e.getMessage()));
        } catch (SocketTimeoutException e) {
            channel.close();
            throw new LossException(Loss.TIMED_OUT, "connect: " + e.getMessage());
        } catch (IOException e) {
            // A reset is a SocketException in some JDKs and a plain IOException in others.
            channel.close();
            throw new LossException(Loss.RESET, "connect: " + e.getMessage());
        }
    }

    /**
     * Connects to any address: IPv6, a Unix socket. Reading from a Unix socket has no time limit.
     *
     * @throws IOException if it is refused or takes too long; the kinds are not told apart
     */
    public static HttpConnection open(SocketAddress address) throws IOException {
        if (!(address instanceof UnixDomainSocketAddress)) {
            SocketChannel channel = SocketChannel.open();
            channel.socket().connect(address, CONNECT_MILLIS);
            channel.socket().setSoTimeout(READ_MILLIS);
            return new HttpConnection(channel, channel.socket().getInputStream());
        }
        SocketChannel channel = SocketChannel.open(address);
        return new HttpConnection(channel, Channels.newInputStream(channel));
    }

    /** Sends a GET on a connection of its own and returns the answer, whatever its status. */
    public static Answer get(int port, String path) throws IOException {
        return get(LOOPBACK, port, path);
    }

    /** The same, at another address of this machine. */
    public static Answer get(String address, int port, String path) throws IOException {
        try (HttpConnection connection = open(address, port)) {
            return connection.get(path);
        }
    }

    /** Returns how many answers came on this connection. */
    public int answers() {
        return answers;
    }

    /** Returns the worker at the other end, as it said itself in an answer; 0: it has not said. */
    public long lastPid() {
        return lastPid;
    }

    /** Whether the other side has closed this connection: a careful client looks before it uses one again. */
    public boolean closedByServer() throws IOException {
        channel.configureBlocking(false);
        try {
            return channel.read(ByteBuffer.allocate(1)) != 0;
        } catch (SocketException e) {
            return true;
        } finally {
            channel.configureBlocking(true);
        }
    }

    /** Sends a GET and returns the answer, whatever its status. */
    public Answer get(String path) throws IOException {
        send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        return receive();
    }

    /** Sends bytes as they are. */
    public void send(String text) throws IOException {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (SocketException e) {
            throw broken("send: " + e.getMessage(), Loss.RESET);
        }
    }

    /**
     * Reads one answer.
     *
     * @throws LossException if it does not come, or not completely
     */
    public Answer receive() throws IOException {
        int first;
        try {
            first = in.read();
        } catch (SocketTimeoutException e) {
            throw new LossException(Loss.TIMED_OUT, "no byte of an answer");
        } catch (SocketException e) {
            throw broken(String.valueOf(e.getMessage()), Loss.RESET);
        }
        if (first < 0) {
            throw broken("end of file", Loss.EMPTY);
        }
        try {
            Answer answer = read((char) first);
            answers++;
            if (answer.pid() > 0) {
                lastPid = answer.pid();
            }
            return answer;
        } catch (SocketTimeoutException e) {
            throw new LossException(Loss.TIMED_OUT, "within the answer");
        } catch (EOFException e) {
            throw new LossException(Loss.TRUNCATED, String.valueOf(e.getMessage()));
        } catch (SocketException e) {
            throw new LossException(Loss.TRUNCATED, "within the answer: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new LossException(Loss.GARBLED, String.valueOf(e.getMessage()));
        }
    }

    /** Before the first byte of an answer. */
    private LossException broken(String message, Loss whenFresh) {
        return answers == 0 ? new LossException(whenFresh, message) : new LossException(Loss.CLOSED_IDLE, message);
    }

    /** Reads a status line and header fields, and no body: of an interim answer, and of the answer to a HEAD. */
    public Answer receiveHead() throws IOException {
        return head(line());
    }

    /** Sends bytes as they are. */
    public void send(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Reads and counts so many bytes of a body. */
    public long skip(long bytes) throws IOException {
        byte[] block = new byte[1 << 16];
        long skipped = 0;
        int read = 0;
        while (skipped < bytes && read >= 0) {
            read = in.read(block, 0, (int) Math.min(block.length, bytes - skipped));
            skipped += Math.max(0, read);
        }
        return skipped;
    }

    /** Waits for the end of the connection, and returns what came until then: nothing, mostly. */
    public String rest() throws IOException {
        return new String(in.readAllBytes(), ISO_8859_1);
    }

    private Answer read(char first) throws IOException {
        Answer head = head(first + line());
        return new Answer(head.status(), head.headers(), new String(body(head.headers()), ISO_8859_1));
    }

    private Answer head(String line) throws IOException {
        if (!line.matches("HTTP/1\\.1 [0-9]{3}( .*)?")) {
            throw new IllegalArgumentException(line);
        }
        Map<String, String> headers = new HashMap<>();
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        return new Answer(Integer.parseInt(line.substring(9, 12)), headers, "");
    }

    private byte[] body(Map<String, String> headers) throws IOException {
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            return chunked();
        }
        String length = headers.get("content-length");
        return length == null ? in.readAllBytes() : exactly(Integer.parseInt(length));
    }

    private byte[] chunked() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            body.writeBytes(exactly(size));
            line();
        }
        line();
        return body.toByteArray();
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException(bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("after \"" + line + "\"");
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    /** Half-closes: the server sees end of file and may still answer. */
    public void endOfRequests() throws IOException {
        channel.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
