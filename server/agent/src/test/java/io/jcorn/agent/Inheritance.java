package io.jcorn.agent;

import io.jcorn.wire.Handover;
import io.jcorn.wire.Handover.InheritedListener;
import io.jcorn.wire.Message;
import io.jcorn.wire.MessageCodec;
import io.jcorn.wire.Scoreboard;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a worker inherits, made by ourselves: a control channel, a scoreboard, a listener, all with their numbers. */
final class Inheritance implements AutoCloseable {

    private final SocketChannel control;
    private final RandomAccessFile memory;
    private final ServerSocketChannel listener;

    /** The worker's side: connects to a master that listens on a path. */
    Inheritance(Path master, Path folder) throws IOException {
        control = SocketChannel.open(UnixDomainSocketAddress.of(master));
        memory = new RandomAccessFile(folder.resolve("scoreboard").toFile(), "rw");
        memory.setLength(Scoreboard.BYTES);
        listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    Handover handover() throws IOException {
        int port = port();
        return new Handover(
                3,
                2,
                number(control),
                InheritedDescriptor.number(memory.getFD()),
                7,
                List.of(new InheritedListener(number(listener), "127.0.0.1:" + port)));
    }

    int port() throws IOException {
        return ((InetSocketAddress) listener.getLocalAddress()).getPort();
    }

    Scoreboard scoreboard() throws IOException {
        return Scoreboard.map(InheritedDescriptor.number(memory.getFD()));
    }

    private static int number(Channel channel) throws IOException {
        try {
            Method number = Class.forName("sun.nio.ch.SelChImpl").getMethod("getFDVal");
            number.setAccessible(true);
            return (int) number.invoke(channel);
        } catch (ReflectiveOperationException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        control.close();
        memory.close();
        listener.close();
    }

    /** The master's side of the control channel. */
    static final class MasterSide implements AutoCloseable {
        private final ServerSocketChannel door;
        private final Path path;
        private @Nullable SocketChannel channel;

        MasterSide(Path folder) throws IOException {
            path = folder.resolve("control");
            door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            door.bind(UnixDomainSocketAddress.of(path));
        }

        Path path() {
            return path;
        }

        private SocketChannel channel() throws IOException {
            if (channel == null) {
                channel = door.accept();
            }
            return channel;
        }

        void say(Message message) throws IOException {
            write(MessageCodec.encode(message));
        }

        void write(byte[] bytes) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel().write(buffer);
            }
        }

        @Nullable
        Message hear() throws IOException {
            InputStream in = Channels.newInputStream(channel());
            return MessageCodec.read(in);
        }

        void die() throws IOException {
            channel().close();
        }

        @Override
        public void close() throws IOException {
            if (channel != null) {
                channel.close();
            }
            door.close();
            Files.deleteIfExists(path);
        }
    }
}
