package io.jcorn.worker.engine;

import io.jcorn.worker.proxy.Header;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A client that does as it should up to some point of its conversation, and is then killed there. What it does follows from a number.
 */
final class RudeClient implements AutoCloseable {

    /** What it speaks, within what its server wants around it. */
    enum Protocol {
        HTTP1,
        HTTP2,
        WEBSOCKET
    }

    /** What it asks for. The names are the paths. */
    enum Task {
        /** A small response. */
        SMALL,
        /** A response that is longer than anything that the kernel and the windows hold. */
        DOWNLOAD,
        /** A body is read, then answered. */
        UPLOAD,
        /** A body is sent back while it comes. */
        ECHO,
        /** The handler has returned, and somebody else answers after the client's end. */
        HELD,
        /** Refused by the engine, with a body to come. */
        REFUSED
    }

    /** Where it is killed. */
    enum Point {
        CONNECTED,
        /** Within what comes before the first request: PROXY header, ClientHello, preface, upgrade. */
        OPENING,
        HEAD,
        BODY,
        /** Everything is sent, and nothing read of the answer. */
        SENT,
        /** In the middle of the response. */
        RESPONSE
    }

    /** How it is killed. */
    enum Way {
        /** The socket is closed: a FIN, or what the kernel makes of it when something was not read. */
        CLOSE,
        /** A reset. */
        RESET,
        /** The sending side is closed, and nothing read any more. */
        FIN,
        /** Nothing is sent or read any more. */
        SILENCE,
        /** Bytes that mean nothing, then the close. */
        RUBBISH;

        /** Whether the server learns of it without any time passing. */
        boolean sudden() {
            return this == CLOSE || this == RESET || this == RUBBISH;
        }
    }

    /** What surrounds its protocol. */
    interface Place {
        /** Connects, and says at once whatever comes first. */
        Socket wrap(Socket plain, boolean http2) throws IOException;

        /** The bytes with which {@link #wrap} would begin. */
        byte[] beginning();
    }

    private static final int KINDS =
            Protocol.values().length * Task.values().length * Point.values().length * Way.values().length;

    private static final List<String> WEBSOCKET = List.of(
            "GET /LISTEN HTTP/1.1",
            "Host: a",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Extensions: permessage-deflate",
            "\r\n");

    /** Less than a client may send over HTTP/2 before the server opens a window. */
    private static final int BODY = 50_000;

    final Protocol protocol;
    final Task task;
    final Point point;
    final Way way;
    private final long number;
    private final Random random;
    private final Socket plain = new Socket();
    private Socket socket = plain;
    private boolean heard;

    RudeClient(long number) {
        this.number = number;
        random = new Random(number);
        int kind = (int) Math.floorMod(number * 7919, (long) KINDS);
        protocol = Protocol.values()[kind % 3];
        kind /= 3;
        way = Way.values()[kind % Way.values().length];
        kind /= Way.values().length;
        point = Point.values()[kind % Point.values().length];
        kind /= Point.values().length;
        task = Task.values()[kind];
    }

    /** Returns how many different clients there are, but for what is left to chance. */
    static int kinds() {
        return KINDS;
    }

    private boolean chance() {
        return random.nextBoolean();
    }

    /** Whether something was read of what it asked for. */
    boolean heard() {
        return heard;
    }

    /** Lives its whole life, but for the closing of a socket that stays open without a word. */
    void live(InetSocketAddress address, Place place) throws IOException {
        plain.setTcpNoDelay(true);
        if (task == Task.DOWNLOAD || task == Task.ECHO) {
            plain.setReceiveBufferSize(4096);
        }
        plain.connect(address);
        try {
            converse(place);
        } catch (IOException e) {
            // The server may have been quicker: a refusal, or what it answers to what is no protocol of its own.
        }
        end();
    }

    private void converse(Place place) throws IOException {
        if (point == Point.CONNECTED) {
            return;
        }
        byte[] first = place.beginning();
        if (point == Point.OPENING && first.length > 0 && chance()) {
            write(plain, Arrays.copyOf(first, random.nextInt(first.length + 1)));
            return;
        }
        plain.setSoTimeout(20_000);
        socket = place.wrap(plain, protocol == Protocol.HTTP2);
        Script script = script();
        if (point == Point.OPENING) {
            part(script.opening);
            return;
        }
        write(socket, script.opening);
        if (protocol == Protocol.WEBSOCKET) {
            awaitHead(socket.getInputStream());
        }
        if (point == Point.HEAD) {
            part(script.head);
            return;
        }
        write(socket, script.head);
        if (point == Point.BODY) {
            part(script.body);
            return;
        }
        write(socket, script.body);
        if (point == Point.RESPONSE && task != Task.HELD) {
            read();
        }
    }

    private void part(byte[] bytes) throws IOException {
        write(socket, Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
    }

    private static void write(Socket to, byte[] bytes) throws IOException {
        to.getOutputStream().write(bytes);
    }

    private static void awaitHead(InputStream in) throws IOException {
        int last = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            last = last << 8 | next;
            if (last == 0x0d0a0d0a) {
                return;
            }
        }
        throw new IOException("no head came");
    }

    /** Something comes to everybody who gets so far; how much more is there already is left to chance. */
    private void read() throws IOException {
        InputStream in = socket.getInputStream();
        int wanted = random.nextInt(task == Task.DOWNLOAD ? 30_000 : 40);
        heard = in.read() >= 0;
        while (wanted > 0 && in.available() > 0) {
            wanted -= in.readNBytes(Math.min(wanted, in.available())).length;
        }
    }

    private void end() throws IOException {
        switch (way) {
            case CLOSE -> plain.close();
            case RESET -> {
                plain.setSoLinger(true, 0);
                plain.close();
            }
            case FIN -> {
                try {
                    plain.shutdownOutput();
                } catch (IOException e) {
                    plain.close();
                }
            }
            case SILENCE -> {}
            case RUBBISH -> {
                byte[] rubbish = new byte[1 + random.nextInt(300)];
                random.nextBytes(rubbish);
                try {
                    OutputStream out = chance() ? plain.getOutputStream() : socket.getOutputStream();
                    out.write(rubbish);
                } catch (IOException e) {
                    // It has been closed already.
                } finally {
                    plain.close();
                }
            }
        }
    }

    /** Ends what a silent one has left open. */
    @Override
    public void close() throws IOException {
        plain.close();
    }

    // ---- what is said

    /** What is said one after another. */
    private static final class Script {
        final byte[] opening;
        final byte[] head;
        final byte[] body;

        Script(byte[] opening, byte[] head, byte[] body) {
            this.opening = opening;
            this.head = head;
            this.body = body;
        }
    }

    private Script script() throws IOException {
        return switch (protocol) {
            case HTTP1 -> http1();
            case HTTP2 -> http2();
            case WEBSOCKET -> webSocket();
        };
    }

    private boolean hasBody() {
        return task == Task.UPLOAD || task == Task.ECHO || task == Task.REFUSED;
    }

    private Script http1() {
        String host = " HTTP/1.1\r\nHost: a\r\n";
        String before = chance() ? "GET /SMALL" + host + "\r\n" : "";
        boolean chunked = chance() && task != Task.REFUSED;
        String framing = !hasBody()
                ? ""
                : chunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + refusedOr(BODY) + "\r\n";
        String expect = hasBody() && random.nextInt(4) == 0 ? "Expect: 100-continue\r\n" : "";
        String head = (hasBody() ? "POST /" : "GET /") + task + host + framing + expect + "\r\n";
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (hasBody()) {
            body.writeBytes(ascii(chunked ? Integer.toHexString(BODY) + "\r\n" : ""));
            body.writeBytes(new byte[BODY]);
            body.writeBytes(ascii(chunked ? "\r\n0\r\n\r\n" : ""));
        }
        if (chance()) {
            body.writeBytes(ascii("GET /SMALL" + host + "\r\n"));
        }
        return new Script(ascii(before), ascii(head), body.toByteArray());
    }

    private int refusedOr(int length) {
        return task == Task.REFUSED ? RudeClientTest.LONGEST_BODY + 1 : length;
    }

    private Script http2() throws IOException {
        ByteArrayOutputStream opening = new ByteArrayOutputStream();
        opening.writeBytes(Http2Client.PREFACE);
        // Perhaps without a window: then no byte of a response gets through.
        byte[] window = {0, 4, 0, 0, 0, 0};
        opening.writeBytes(Http2Client.bytes(Http2Client.SETTINGS, 0, 0, chance() ? window : new byte[0]));
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int streams = 1 + random.nextInt(4);
        for (int i = 0; i < streams; i++) {
            int stream = 2 * i + 1;
            String[] fields = Http2Client.request(hasBody() ? "POST" : "GET", "/" + task);
            if (task == Task.REFUSED) {
                fields = Http2Client.request("POST", "/", "content-length", String.valueOf(refusedOr(0)));
            }
            int end = hasBody() ? 0 : Http2Client.END_STREAM;
            head.writeBytes(Http2Client.bytes(
                    Http2Client.HEADERS, Http2Client.END_HEADERS | end, stream, Http2Client.plainBlock(fields)));
            if (hasBody()) {
                int last = task == Task.REFUSED ? 0 : Http2Client.END_STREAM;
                body.writeBytes(Http2Client.bytes(Http2Client.DATA, 0, stream, new byte[BODY / 8]));
                body.writeBytes(Http2Client.bytes(Http2Client.DATA, last, stream, new byte[BODY / 8]));
            }
        }
        if (random.nextInt(4) == 0) {
            body.writeBytes(Http2Client.bytes(Http2Client.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 8}));
        }
        if (random.nextInt(8) == 0) {
            // A connection error: an increment of nothing.
            body.writeBytes(Http2Client.bytes(Http2Client.WINDOW_UPDATE, 0, 0, new byte[4]));
        }
        return new Script(opening.toByteArray(), head.toByteArray(), body.toByteArray());
    }

    private Script webSocket() {
        String opening = String.join("\r\n", WEBSOCKET);
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.writeBytes(ascii(WebSocketTest.frame(0x89, "ping")));
        head.writeBytes(ascii(WebSocketTest.frame(0x81, task.name())));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (hasBody()) {
            body.writeBytes(ascii(WebSocketTest.frame(0x02, "x".repeat(BODY))));
            body.writeBytes(ascii(WebSocketTest.frame(0x80, "x".repeat(BODY))));
        }
        if (random.nextInt(4) == 0) {
            // What does not unpack.
            body.writeBytes(ascii(WebSocketTest.frame(0xc2, "\u00ff".repeat(9))));
        }
        if (chance()) {
            body.writeBytes(ascii(WebSocketTest.frame(0x88, "\u0003\u00e8")));
        }
        return new Script(ascii(opening), head.toByteArray(), body.toByteArray());
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The header of a proxy in front, of either version. */
    static byte[] proxyHeader(boolean binary) {
        return binary
                ? Header.of("192.0.2.1", 1234, "192.0.2.2", 80).build()
                : ascii("PROXY TCP4 192.0.2.1 192.0.2.2 1234 80\r\n");
    }

    @Override
    public String toString() {
        return "client " + number + " (" + protocol + ", " + task + ", killed at " + point + " by " + way + ")";
    }
}
