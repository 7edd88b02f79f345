package io.jcorn.agent.adopt;

import io.jcorn.agent.InheritedDescriptor;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import jdk.internal.access.SharedSecrets;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.IOUtil;
import sun.nio.ch.SelChImpl;

/**
 * Asks the application of this very process for its ready-path. A connection to the shared address might reach any worker, so this
 * makes one of its own and has the application's next accept return it:
 *
 * <pre>
 *   probe ── connects ──► private listener ── accepts ──► descriptor ── offered ──► the application's accept returns it
 *     │                                                                              ▲
 *     └── knocks at the shared address, so that whoever waits for connections looks ─┘
 * </pre>
 *
 * <p>The knock wakes other workers too; one of them may get it, and sees a connection that is closed at once.
 */
final class ReadyProbe {

    private static final int ANSWER_MILLIS = 10_000;
    private static final long KNOCK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int KNOCKS = 250;

    /** What the application accepts. */
    private record Guest(int number, InetSocketAddress address) {}

    private final String path;
    private final AtomicReference<@Nullable Guest> guest = new AtomicReference<>();

    ReadyProbe(String path) {
        this.path = path;
    }

    /** The JDK's accept: whether it returns our connection. */
    boolean enter(FileDescriptor accepted, InetSocketAddress[] peer) throws IOException {
        Guest entering = take();
        if (entering == null) {
            return false;
        }
        SharedSecrets.getJavaIOFileDescriptorAccess().set(accepted, entering.number());
        peer[0] = entering.address();
        return true;
    }

    /**
     * Netty's accept.
     *
     * @param peer takes the address: a length, the address itself, four bytes of port
     * @return our connection, negative if there is none
     */
    int enter(byte[] peer) {
        Guest entering = take();
        if (entering == null) {
            return -1;
        }
        byte[] host = entering.address().getAddress().getAddress();
        ByteBuffer.wrap(peer)
                .put((byte) (host.length + Integer.BYTES))
                .put(host)
                .putInt(entering.address().getPort());
        return entering.number();
    }

    private @Nullable Guest take() {
        return guest.get() == null ? null : guest.getAndSet(null);
    }

    /**
     * Asks once.
     *
     * @param address one that is held, to knock at
     * @return empty if the answer was 2xx; otherwise what came instead, in words that follow the name of the path
     */
    String ask(String address) {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocketChannel door = ServerSocketChannel.open().bind(new InetSocketAddress(loopback, 0))) {
            try (SocketChannel ours = SocketChannel.open(door.getLocalAddress())) {
                try (SocketChannel theirs = door.accept()) {
                    offer(theirs);
                }
                return enters(address) ? answer(ours.socket()) : "was not asked: the application accepts nothing";
            }
        } catch (IOException e) {
            return "could not be asked: " + e.getMessage();
        }
    }

    private void offer(SocketChannel theirs) throws IOException {
        int number = Kernel.duplicate(((SelChImpl) theirs).getFDVal());
        // As accept4(2) with SOCK_NONBLOCK would return it; the JDK sets the mode that it wants.
        IOUtil.configureBlocking(IOUtil.newFD(number), false);
        Guest before = guest.getAndSet(new Guest(number, (InetSocketAddress) theirs.getRemoteAddress()));
        if (before != null) {
            InheritedDescriptor.close(before.number());
        }
    }

    /** Whether the application takes our connection within a few seconds. */
    private boolean enters(String address) throws IOException {
        for (int i = 0; i < KNOCKS && guest.get() != null; i++) {
            try (SocketChannel knock = SocketChannel.open(target(address))) {
                LockSupport.parkNanos(this, KNOCK_EVERY_NANOS);
                knock.shutdownOutput();
            }
        }
        Guest refused = take();
        if (refused != null) {
            InheritedDescriptor.close(refused.number());
        }
        return refused == null;
    }

    private static SocketAddress target(String address) throws IOException {
        if (address.startsWith("unix:")) {
            return UnixDomainSocketAddress.of(address.substring("unix:".length()));
        }
        int colon = address.lastIndexOf(':');
        InetAddress host = InetAddress.getByName(address.substring(0, colon));
        int port = Integer.parseInt(address.substring(colon + 1));
        return new InetSocketAddress(host.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : host, port);
    }

    private String answer(Socket socket) throws IOException {
        socket.setSoTimeout(ANSWER_MILLIS);
        String request =
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: jcorn\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        try {
            return judged(firstLine(socket.getInputStream()));
        } catch (SocketTimeoutException e) {
            return "did not answer within " + ANSWER_MILLIS / 1000 + " s";
        }
    }

    private static String judged(String line) {
        if (!line.startsWith("HTTP/1.")) {
            return line.isEmpty()
                    ? "got no answer: the connection was closed"
                    : "got no HTTP: does the port speak TLS?";
        }
        String status = line.length() > 12 ? line.substring(9, 12) : "";
        return status.startsWith("2") ? "" : "answered " + line.substring(9);
    }

    private static String firstLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n' && line.length() < 256; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
