package io.jcorn.training;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends the requests of the rehearsal and then ends it.
 *
 * @param port where the worker listens on the loopback interface
 */
record Client(int port) implements Runnable {

    private static final int PATIENCE_MILLIS = 10_000;
    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final Pattern LISTENER = Pattern.compile("=127\\.0\\.0\\.1:(\\d+)");

    private static final String KEPT =
            "GET /text HTTP/1.1\r\nHost: localhost\r\nUser-Agent: rehearsal\r\nAccept: */*\r\n\r\n";
    private static final String LAST = """
            GET /text?last HTTP/1.1\r
            Host: localhost\r
            Connection: close\r
            \r
            """;
    private static final String LENGTH = """
            POST /echo HTTP/1.1\r
            Host: localhost\r
            User-Agent: rehearsal\r
            Content-Length: 5\r
            Connection: close\r
            \r
            hello""";
    private static final String CHUNKED = """
            POST /echo HTTP/1.1\r
            Host: localhost\r
            Transfer-Encoding: chunked\r
            Expect: 100-continue\r
            Connection: close\r
            \r
            5\r
            hello\r
            0\r
            \r
            """;
    private static final String MISSING = "HEAD /nothing HTTP/1.0\r\n\r\n";
    private static final String BROKEN = "NONSENSE\r\n\r\n";

    /** Reads from the worker's environment where the master listens; see {@code io.jcorn.wire.Handover}. */
    static Client ofThisWorker() {
        Matcher listener = LISTENER.matcher(String.valueOf(System.getenv("JCORN_HANDOVER")));
        if (!listener.find()) {
            throw new IllegalStateException("the rehearsal runs only in a worker that listens on 127.0.0.1");
        }
        return new Client(Integer.parseInt(listener.group(1)));
    }

    @Override
    public void run() {
        try {
            send(KEPT + KEPT.repeat(8) + LAST);
            send(LENGTH);
            send(CHUNKED);
            send(MISSING);
            send(BROKEN);
        } catch (IOException e) {
            System.err.println("rehearsal: " + e);
        } finally {
            // Terminates the master, which stops this worker in turn.
            ProcessHandle.current().parent().ifPresent(ProcessHandle::destroy);
        }
    }

    private void send(String requests) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(requests.getBytes(US_ASCII));
            out.flush();
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
    }
}
