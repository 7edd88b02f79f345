package io.jcorn.agent.adopt;

import io.jcorn.agent.InheritedDescriptor;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolFamily;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Members of {@code sun.nio.ch} that only its own package may call. Public only because the class that implements it, which
 * {@link AccessClass} puts there, must see it.
 */
public interface Access extends InheritedDescriptor.Duplication, EpollRegistrations.Control {

    /** Binds a socket as if nobody had patched anything. */
    void bind(ProtocolFamily family, FileDescriptor socket, InetAddress host, int port) throws IOException;

    /** Sets an option of a socket. */
    void setOption(FileDescriptor socket, SocketOption<?> option, Object value) throws IOException;

    /** Returns how many bytes have arrived that nobody has read. */
    int available(FileDescriptor socket) throws IOException;

    /** Returns which of the events of poll(2) are there now. */
    int poll(FileDescriptor socket, int events, long millis) throws IOException;

    /** Returns four bytes of memory. */
    int getInt(long address);

    /** Returns eight bytes of memory. */
    long getLong(long address);

    /** Maps shared memory from its beginning; null where this JDK does that better itself. */
    @Nullable
    ByteBuffer map(FileDescriptor memory, int bytes) throws IOException;
}
