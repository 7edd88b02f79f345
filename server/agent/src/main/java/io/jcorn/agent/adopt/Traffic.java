package io.jcorn.agent.adopt;

import java.io.FileDescriptor;
import java.nio.ByteBuffer;
import jdk.internal.access.SharedSecrets;
import org.jspecify.annotations.Nullable;

/**
 * What patched reads and writes call, as {@link Hook} is for everything else. This is the hot path of somebody else's server: for what is
 * no connection of a client it ends after one look into an array.
 */
public final class Traffic {

    /** What a status line takes up to its status. */
    private static final int STATUS_LENGTH = 12;

    private static volatile @Nullable ClientConnections connections;

    private Traffic() {}

    /** Says where it is noted. */
    static void note(@Nullable ClientConnections connections) {
        Traffic.connections = connections;
    }

    /** After the JDK's {@code read}: what it returns. */
    public static int read(int bytes, FileDescriptor descriptor, long address) {
        return bytes <= 0 ? bytes : read(bytes, number(descriptor), address);
    }

    /** After the JDK's {@code readv}: what it returns. */
    public static long readVector(long bytes, FileDescriptor descriptor) {
        return bytes <= 0 ? bytes : noted(1, number(descriptor), 0) < 0 ? ClientConnections.END : bytes;
    }

    /** Before the JDK's {@code write}. */
    public static void writing(FileDescriptor descriptor, long address, int length) {
        writing(number(descriptor), address, length);
    }

    /** Before the JDK's {@code writev}; the vector is that of writev(2). */
    public static void writingVector(FileDescriptor descriptor, long vector, int count) {
        nettyWritingVector(number(descriptor), vector, count);
    }

    /** After a read into memory by Netty: what it returns. */
    public static int nettyRead(int bytes, int number, long address, int from) {
        return bytes <= 0 ? bytes : read(bytes, number, address + from);
    }

    /** After a read into a buffer by Netty: what it returns. */
    public static int nettyRead(int bytes, int number, ByteBuffer buffer, int from) {
        return bytes <= 0 ? bytes : noted(bytes, number, bytes < Integer.BYTES ? 0 : getInt(buffer, from));
    }

    /** After any other read by Netty: what it returns. */
    public static int nettyRead(int bytes, int number) {
        return bytes <= 0 ? bytes : noted(bytes, number, 0);
    }

    /** Before a write out of memory by Netty. */
    public static void nettyWriting(int number, long address, int from, int to) {
        writing(number, address + from, to - from);
    }

    /** Before a write out of a buffer by Netty. */
    public static void nettyWriting(int number, ByteBuffer buffer, int from, int to) {
        ClientConnection client = client(number);
        if (client != null) {
            boolean status = to - from >= STATUS_LENGTH;
            client.writing(status ? getInt(buffer, from) : 0, status ? getInt(buffer, from + 2 * Integer.BYTES) : 0);
        }
    }

    /** Before any other write by Netty. */
    public static void nettyWriting(int number) {
        ClientConnection client = client(number);
        if (client != null) {
            client.writing(0, 0);
        }
    }

    /** Before a write of several pieces by Netty; the vector is that of writev(2). */
    public static void nettyWritingVector(int number, long vector, int count) {
        ClientConnection client = client(number);
        if (client == null) {
            return;
        }
        if (count > 0 && Kernel.getLong(vector + Long.BYTES) >= STATUS_LENGTH) {
            writing(client, Kernel.getLong(vector));
        } else {
            client.writing(0, 0);
        }
    }

    /** After {@code splice(2)} by Netty from one descriptor to another: what it returns. */
    public static int nettySpliced(int bytes, int from, int to) {
        if (bytes > 0) {
            nettyWriting(to);
            // What was moved cannot be taken back.
            noted(bytes, from, 0);
        }
        return bytes;
    }

    private static int read(int bytes, int number, long address) {
        ClientConnections connections = Traffic.connections;
        ClientConnection client = connections == null ? null : connections.of(number);
        if (connections == null || client == null) {
            return bytes;
        }
        return connections.read(client, bytes, bytes < Integer.BYTES ? 0 : Kernel.getInt(address));
    }

    private static int noted(int bytes, int number, int start) {
        ClientConnections connections = Traffic.connections;
        ClientConnection client = connections == null ? null : connections.of(number);
        return connections == null || client == null ? bytes : connections.read(client, bytes, start);
    }

    private static void writing(int number, long address, int length) {
        ClientConnection client = client(number);
        if (client == null) {
            return;
        }
        if (length >= STATUS_LENGTH) {
            writing(client, address);
        } else {
            client.writing(0, 0);
        }
    }

    private static void writing(ClientConnection client, long address) {
        client.writing(Kernel.getInt(address), Kernel.getInt(address + 2 * Integer.BYTES));
    }

    private static @Nullable ClientConnection client(int number) {
        ClientConnections connections = Traffic.connections;
        return connections == null ? null : connections.of(number);
    }

    private static int number(FileDescriptor descriptor) {
        return SharedSecrets.getJavaIOFileDescriptorAccess().get(descriptor);
    }

    /** As the memory of this machine has it: little-endian. */
    private static int getInt(ByteBuffer buffer, int at) {
        return (buffer.get(at) & 0xff)
                | (buffer.get(at + 1) & 0xff) << 8
                | (buffer.get(at + 2) & 0xff) << 16
                | (buffer.get(at + 3) & 0xff) << 24;
    }
}
