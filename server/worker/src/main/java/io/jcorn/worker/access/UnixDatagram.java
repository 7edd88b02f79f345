package io.jcorn.worker.access;

import io.jcorn.wire.syslog.SyslogChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A datagram socket of the Unix domain, as {@code /dev/log} is one. The JDK has none; Netty's native transport does. */
public final class UnixDatagram implements SyslogChannel {

    private final Socket socket;

    private UnixDatagram(Socket socket) {
        this.socket = socket;
    }

    /**
     * Connects to a path.
     *
     * @throws IOException if nobody listens there
     */
    public static SyslogChannel connect(String path) throws IOException {
        Socket socket = Socket.newSocketDomainDgram();
        try {
            socket.connect(new DomainSocketAddress(path));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        return new UnixDatagram(socket);
    }

    @Override
    public void send(ByteBuffer message) throws IOException {
        ByteBuffer direct =
                ByteBuffer.allocateDirect(message.remaining()).put(message).flip();
        // The socket does not block: a daemon whose queue is full (0 is returned) loses this message.
        if (socket.write(direct, 0, direct.remaining()) <= 0) {
            throw new IOException("its queue is full");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
