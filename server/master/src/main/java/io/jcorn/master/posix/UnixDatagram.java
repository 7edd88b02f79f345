package io.jcorn.master.posix;

import io.jcorn.wire.syslog.SyslogChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A datagram socket of the Unix domain, as {@code /dev/log} is one. The JDK has none. */
public final class UnixDatagram implements SyslogChannel {

    private final Posix posix;
    private final int descriptor;

    private UnixDatagram(Posix posix, int descriptor) {
        this.posix = posix;
        this.descriptor = descriptor;
    }

    /**
     * Connects to a path.
     *
     * @throws PosixException if nobody listens there
     */
    public static SyslogChannel connect(Posix posix, String path) throws PosixException {
        Sockets sockets = new Sockets();
        int descriptor = sockets.openUnixDatagram();
        Optional<PosixException> failure = sockets.connect(descriptor, new SocketName.Local(path));
        if (failure.isPresent()) {
            posix.close(descriptor);
            throw failure.get();
        }
        return new UnixDatagram(posix, descriptor);
    }

    @Override
    public void send(ByteBuffer message) throws IOException {
        // The socket does not block: a daemon whose queue is full (0 is returned) loses this message.
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        if (posix.send(descriptor, bytes, 0, bytes.length) <= 0) {
            throw new IOException("its queue is full");
        }
    }

    @Override
    public void close() {
        posix.close(descriptor);
    }
}
