package io.jcorn.worker.engine;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** A client that sends exactly the frames that it is told, right or wrong. Every read is bounded. */
final class Http2Client implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;

    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** A frame as it came. */
    static final class Frame {
        final int type;
        final int flags;
        final int stream;
        final byte[] payload;

        /** Of HEADERS. */
        Map<String, String> fields = Map.of();

        Frame(int type, int flags, int stream, byte[] payload) {
            this.type = type;
            this.flags = flags;
            this.stream = stream;
            this.payload = payload;
        }

        boolean ends() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        int number(int offset) {
            return ByteBuffer.wrap(payload).getInt(offset);
        }

        /** The error code of a RST_STREAM or a GOAWAY. */
        int code() {
            return number(type == GOAWAY ? 4 : 0);
        }

        @Override
        public String toString() {
            return "frame " + type + " flags " + flags + " stream " + stream + " of " + payload.length + " bytes"
                    + (type == GOAWAY || type == RST_STREAM ? " code " + code() : "");
        }
    }

    /** A whole response. */
    record Response(Map<String, String> headers, String body) {
        int status() {
            return Integer.parseInt(headers.get(":status"));
        }
    }

    final Socket socket = new Socket();
    private final DataInputStream in;
    private final OutputStream out;
    private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    private boolean windows = true;
    private final Semaphore connectionWindow = new Semaphore(65_535);
    private final Semaphore streamWindow = new Semaphore(262_144);

    Http2Client(InetSocketAddress address) throws IOException {
        this(address, new int[0]);
    }

    /** Connects; settings are pairs of identifier and value. */
    Http2Client(InetSocketAddress address, int... settings) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(10_000);
        socket.connect(address);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        out.write(PREFACE);
        settings(settings);
    }

    /** From now on no window is opened by reading. */
    Http2Client withoutWindows() {
        windows = false;
        return this;
    }

    Http2Client settings(int... settings) throws IOException {
        ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
        for (int i = 0; i < settings.length; i += 2) {
            payload.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        return frame(SETTINGS, 0, 0, payload.array());
    }

    static byte[] bytes(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    synchronized Http2Client frame(int type, int flags, int stream, byte[] payload) throws IOException {
        out.write(bytes(type, flags, stream, payload));
        return this;
    }

    Http2Client raw(byte[] bytes) throws IOException {
        out.write(bytes);
        return this;
    }

    static byte[] number(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    /** Compresses fields, names and values in turn. */
    byte[] block(String... fields) throws IOException {
        ByteBuf block = Unpooled.buffer();
        try {
            for (int i = 0; i < fields.length; i += 2) {
                // One by one: together they would be put in order.
                Http2Headers field = new DefaultHttp2Headers(false).add(fields[i], fields[i + 1]);
                ByteBuf piece = Unpooled.buffer();
                encoder.encodeHeaders(1, field, piece);
                block.writeBytes(piece);
                piece.release();
            }
            byte[] bytes = new byte[block.readableBytes()];
            block.readBytes(bytes);
            return bytes;
        } catch (Http2Exception e) {
            throw new IOException(e);
        } finally {
            block.release();
        }
    }

    /** The same of short fields, in as many bytes as it takes and without a table: for a client that will not live long. */
    static byte[] plainBlock(String... fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0);
            for (String text : new String[] {fields[i], fields[i + 1]}) {
                block.write(text.length());
                block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
            }
        }
        return block.toByteArray();
    }

    Http2Client headers(int stream, boolean end, String... fields) throws IOException {
        return frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block(fields));
    }

    static String[] request(String method, String path, String... more) {
        String[] fields = new String[8 + more.length];
        String[] pseudo = {":method", method, ":scheme", "http", ":path", path, ":authority", "a"};
        System.arraycopy(pseudo, 0, fields, 0, 8);
        System.arraycopy(more, 0, fields, 8, more.length);
        return fields;
    }

    Http2Client get(int stream, String path, String... more) throws IOException {
        return headers(stream, true, request("GET", path, more));
    }

    Http2Client data(int stream, boolean end, byte[] bytes) throws IOException {
        return frame(DATA, end ? END_STREAM : 0, stream, bytes);
    }

    /** Waits until the only upload of this connection may go on; another thread reads. */
    void awaitWindow(int count) throws InterruptedException {
        connectionWindow.acquire(count);
        streamWindow.acquire(count);
    }

    /** Reads the next frame; settings and pings are acknowledged, windows opened. */
    Frame read() throws IOException {
        int first = in.readInt();
        byte[] payload = new byte[first >>> 8];
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        in.readFully(payload);
        Frame frame = new Frame(first & 0xff, flags, stream, payload);
        if (frame.type == HEADERS) {
            // Whoever skips a block loses the table of all that follow.
            frame.fields = fields(frame);
        }
        if (frame.type == SETTINGS && flags == 0) {
            frame(SETTINGS, ACK, 0, new byte[0]);
        } else if (frame.type == PING && flags == 0) {
            frame(PING, ACK, 0, payload);
        } else if (frame.type == WINDOW_UPDATE) {
            (stream == 0 ? connectionWindow : streamWindow).release(frame.number(0));
        } else if (frame.type == DATA && payload.length > 0 && windows) {
            frame(WINDOW_UPDATE, 0, 0, number(payload.length));
            if (!frame.ends()) {
                frame(WINDOW_UPDATE, 0, stream, number(payload.length));
            }
        }
        return frame;
    }

    /** Reads up to the next frame of this type. */
    Frame await(int type) throws IOException {
        Frame frame = read();
        while (frame.type != type) {
            frame = read();
        }
        return frame;
    }

    /** Reads up to the end of a stream. */
    Response response(int stream) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        Frame frame;
        do {
            frame = read();
            boolean reset = frame.type == RST_STREAM && frame.stream == stream;
            if (reset || (frame.type == GOAWAY && frame.code() != 0)) {
                throw new IOException("instead of a response: " + frame);
            }
            if (frame.stream == stream) {
                headers.putAll(frame.fields);
            }
            if (frame.type == DATA && frame.stream == stream) {
                body.write(frame.payload);
            }
        } while (frame.stream != stream || !frame.ends());
        return new Response(headers, body.toString(StandardCharsets.ISO_8859_1));
    }

    private Map<String, String> fields(Frame headers) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        try {
            decoder.decodeHeaders(headers.stream, Unpooled.wrappedBuffer(headers.payload))
                    .forEach(entry -> fields.merge(
                            entry.getKey().toString(), entry.getValue().toString(), (a, b) -> a + ", " + b));
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
        return fields;
    }

    /** Whether the server closes, having sent nothing but what is of no interest. */
    boolean atEnd() throws IOException {
        try {
            while (true) {
                read();
            }
        } catch (EOFException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
