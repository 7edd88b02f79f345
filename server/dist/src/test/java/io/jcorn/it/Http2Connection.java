package io.jcorn.it;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One connection of HTTP/2 without TLS, by prior knowledge (RFC 9113 §3.3), which the JDK's client does not speak. It hides nothing: no
 * retry, and it tells a connection that ends in good order from one that is lost. Bodies must fit the first window. Not for several
 * threads.
 */
final class Http2Connection implements AutoCloseable {

    private static final int MILLIS = 30_000;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;

    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    /** An answer, and which request it is to. */
    record Reply(int stream, Answer answer) {}

    /** An answer as far as it has come. */
    private static final class Stream {
        final Map<String, String> headers = new HashMap<>();
        final ByteArrayOutputStream body = new ByteArrayOutputStream();
    }

    private final Socket socket = new Socket();
    private final DefaultHttp2HeadersDecoder heads = new DefaultHttp2HeadersDecoder(false);
    private final TreeMap<Integer, Stream> open = new TreeMap<>();
    private final DataInputStream in;
    private final OutputStream out;
    private int next = 1;
    private int last = Integer.MAX_VALUE;
    private boolean leaving;

    Http2Connection(int port) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), MILLIS);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        send(SETTINGS, 0, 0, new byte[0]);
    }

    private void send(int type, int flags, int stream, byte[] payload) throws IOException {
        out.write(ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array());
    }

    /** Sends a GET and returns its stream. */
    int get(String path) throws IOException {
        int stream = next;
        next += 2;
        open.put(stream, new Stream());
        byte[] octets = path.getBytes(StandardCharsets.US_ASCII);
        // RFC 7541: GET and http stand in the static table, path and authority are literals that are not remembered.
        send(
                HEADERS,
                END_STREAM | END_HEADERS,
                stream,
                ByteBuffer.allocate(octets.length + 7)
                        .put((byte) 0x82)
                        .put((byte) 0x86)
                        .put((byte) 4)
                        .put((byte) octets.length)
                        .put(octets)
                        .put(new byte[] {1, 1, 'a'})
                        .array());
        return stream;
    }

    /** Returns how many requests have no complete answer yet. */
    int waiting() {
        return open.size();
    }

    /** Whether the server has said that this connection will end. */
    boolean leaving() {
        return leaving;
    }

    /** Returns the last stream that the server says it has taken; {@link Integer#MAX_VALUE}: any. */
    int last() {
        return last;
    }

    /**
     * Reads up to the end of one more answer. Empty at the end of the connection, if that is in good order: announced, and every
     * request that the server has taken is answered.
     *
     * @throws LossException if a request is lost
     */
    Optional<Reply> next() throws IOException {
        try {
            while (true) {
                Optional<Reply> reply = frame();
                if (reply.isPresent()) {
                    return reply;
                }
            }
        } catch (EOFException e) {
            if (leaving && open.headMap(last, true).isEmpty()) {
                return Optional.empty();
            }
            throw new LossException(Loss.TRUNCATED, open.keySet() + " are open; last taken: " + last);
        } catch (SocketTimeoutException e) {
            throw new LossException(Loss.TIMED_OUT, open.keySet() + " are open");
        }
    }

    private Optional<Reply> frame() throws IOException {
        int first = in.readInt();
        byte[] payload = new byte[first >>> 8];
        int flags = in.readUnsignedByte();
        int id = in.readInt();
        in.readFully(payload);
        switch (first & 0xff) {
            case SETTINGS, PING -> acknowledge(first & 0xff, flags, payload);
            case GOAWAY -> goAway(ByteBuffer.wrap(payload));
            case RST_STREAM -> throw new LossException(Loss.RESET, "stream " + id);
            case HEADERS -> stream(id).headers.putAll(fields(id, payload));
            case DATA -> stream(id).body.write(payload);
            default -> {
                // Windows, which are large enough.
                return Optional.empty();
            }
        }
        boolean whole = id > 0 && (flags & END_STREAM) != 0;
        return whole ? Optional.of(new Reply(id, answer(id))) : Optional.empty();
    }

    private void acknowledge(int type, int flags, byte[] payload) throws IOException {
        if ((flags & ACK) == 0) {
            send(type, ACK, 0, type == PING ? payload : new byte[0]);
        }
    }

    private void goAway(ByteBuffer payload) throws IOException {
        leaving = true;
        last = payload.getInt();
        int code = payload.getInt();
        if (code != 0) {
            throw new LossException(Loss.RESET, "GOAWAY with code " + code);
        }
    }

    private Stream stream(int id) throws IOException {
        Stream stream = open.get(id);
        if (stream == null) {
            throw new LossException(Loss.GARBLED, "stream " + id + " is not open");
        }
        return stream;
    }

    private Answer answer(int id) throws IOException {
        Stream stream = stream(id);
        open.remove(id);
        int status = Integer.parseInt(stream.headers.getOrDefault(":status", "0"));
        return new Answer(status, stream.headers, stream.body.toString(StandardCharsets.UTF_8));
    }

    private Map<String, String> fields(int id, byte[] block) throws IOException {
        Map<String, String> fields = new HashMap<>();
        try {
            heads.decodeHeaders(id, Unpooled.wrappedBuffer(block))
                    .forEach(field -> fields.put(
                            field.getKey().toString(), field.getValue().toString()));
        } catch (Http2Exception e) {
            throw new LossException(Loss.GARBLED, "headers of stream " + id + ": " + e.getMessage());
        }
        return fields;
    }

    /**
     * Is killed in the middle of the answer to the only request.
     *
     * @param reset whether the kernel says so by a reset, and not by a FIN if all is read
     */
    void die(boolean reset) throws IOException {
        in.readNBytes(10_000);
        if (reset) {
            socket.setSoLinger(true, 0);
        }
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
