package io.jcorn.master.posix;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * Socket calls, as in the kernel's manual. Not java.net: a socket of the JDK is dual-stack IPv6 even for 127.0.0.1, its
 * descriptor is out of reach and lacks close-on-exec.
 */
public final class Sockets {
    static final int AF_UNIX = 1;
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;

    private static final int SOCK_STREAM = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final int O_NONBLOCK = 0x800;

    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_TYPE = 3;
    private static final int SO_PEERCRED = 17;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_BINDTOIFINDEX = 62;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;

    /** Of tcpi_unacked in struct tcp_info; on a listening socket it counts the connections that wait for accept. */
    private static final int UNACKED_OFFSET = 24;

    private final LibC libc = LibC.library();

    /** Opens a stream socket of the family that the name belongs to: non-blocking, close-on-exec. */
    public int open(SocketName name) throws PosixException {
        int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
        return check(libc.socket(name.family(), type, 0), "socket(" + name + ")");
    }

    /** Opens a datagram socket of the Unix domain: non-blocking, close-on-exec. */
    public int openUnixDatagram() throws PosixException {
        return check(libc.socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket(AF_UNIX, SOCK_DGRAM)");
    }

    /** Lets a listener bind although connections of a former one are still in TIME_WAIT, see SO_REUSEADDR in socket(7). */
    public void reuseAddress(int descriptor) throws PosixException {
        set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR");
    }

    /** Lets an IPv6 socket on {@code [::]} take IPv4 connections too, whatever net.ipv6.bindv6only says. */
    public void dualStack(int descriptor) throws PosixException {
        set(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 0, "IPV6_V6ONLY");
    }

    /** Binds, and never listens on a random port after a failure, as listen(2) alone would. */
    public void bind(int descriptor, SocketName name) throws PosixException {
        byte[] address = name.encode();
        check(libc.bind(descriptor, address, address.length), "bind(" + name + ")");
    }

    /**
     * Makes a bound socket listen; on one that does already it only changes the backlog.
     *
     * @param backlog the kernel lowers it to net.core.somaxconn
     */
    public void listen(int descriptor, int backlog) throws PosixException {
        check(libc.listen(descriptor, backlog), "listen(" + descriptor + ")");
    }

    /**
     * Tries to connect to a Unix socket.
     *
     * @return empty: somebody accepts there (or would: EAGAIN says that its queue is full); else why not
     */
    public Optional<PosixException> connect(int descriptor, SocketName name) {
        byte[] address = name.encode();
        if (libc.connect(descriptor, address, address.length) == 0 || LibC.errno() == Errno.EAGAIN.number()) {
            return Optional.empty();
        }
        return Optional.of(failure("connect(" + name + ")"));
    }

    /** Returns what the socket is bound to. */
    public SocketName name(int descriptor) throws PosixException {
        byte[] address = new byte[128];
        int[] length = {address.length};
        check(libc.getsockname(descriptor, address, length), "getsockname(" + descriptor + ")");
        return SocketName.decode(address, Math.min(length[0], address.length));
    }

    /** Whether the socket listens. */
    public boolean listening(int descriptor) throws PosixException {
        return intOption(descriptor, SO_ACCEPTCONN, "SO_ACCEPTCONN") == 1;
    }

    /**
     * Whether it is a stream socket.
     *
     * @throws PosixException EBADF: not open; ENOTSOCK: no socket at all
     */
    public boolean stream(int descriptor) throws PosixException {
        return intOption(descriptor, SO_TYPE, "SO_TYPE") == SOCK_STREAM;
    }

    /**
     * Makes a socket that somebody else opened non-blocking and close-on-exec.
     *
     * @return the flags that it had, for {@link #giveBack}
     */
    public int adopt(int descriptor) throws PosixException {
        int flags = check(libc.fcntl(descriptor, F_GETFL, 0), "fcntl(F_GETFL)");
        check(libc.fcntl(descriptor, F_SETFL, flags | O_NONBLOCK), "fcntl(O_NONBLOCK)");
        check(libc.fcntl(descriptor, F_SETFD, FD_CLOEXEC), "fcntl(FD_CLOEXEC)");
        return flags;
    }

    /**
     * Puts the flags of an adopted socket back. O_NONBLOCK is a property of the open socket, which all processes share;
     * close-on-exec is one of our descriptor alone.
     */
    public void giveBack(int descriptor, int flags) {
        // It can fail only where the descriptor is not open any more, and then there is nothing to put back.
        libc.fcntl(descriptor, F_SETFL, flags);
    }

    /** Returns the process at the other end of a connected Unix socket: the one that called listen. */
    public OptionalInt peer(int descriptor) {
        byte[] credentials = new byte[12];
        int[] length = {credentials.length};
        if (libc.getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, credentials, length) != 0) {
            return OptionalInt.empty();
        }
        int pid = ByteBuffer.wrap(credentials).order(ByteOrder.nativeOrder()).getInt();
        return pid > 0 ? OptionalInt.of(pid) : OptionalInt.empty();
    }

    /**
     * Counts the connections that wait to be accepted.
     *
     * @return -1: the kernel does not say
     */
    public int acceptQueue(int descriptor) throws PosixException {
        if (name(descriptor).family() == AF_UNIX) {
            return new SocketDiagnosis(libc).acceptQueue(descriptor);
        }
        byte[] info = new byte[UNACKED_OFFSET + 4];
        int[] length = {info.length};
        if (libc.getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, info, length) != 0 || length[0] < info.length) {
            return -1;
        }
        return ByteBuffer.wrap(info).order(ByteOrder.nativeOrder()).getInt(UNACKED_OFFSET);
    }

    /**
     * Makes the kernel drop the first segment of every new TCP connection, and nothing else: handshakes under way complete
     * and what waits can be accepted. The client's SYN is repeated after a second and meets the next listener, or a clean
     * refusal. The filter belongs to the socket, whoever else holds it.
     *
     * @throws PosixException EPERM: since 2026 kernels want CAP_NET_ADMIN for a filter on a TCP socket
     */
    public void dropNewConnections(int descriptor) throws PosixException {
        Pointer program = SynFilter.program();
        byte[] header = SynFilter.header(program);
        try {
            int result = libc.setsockopt(descriptor, SOL_SOCKET, SO_ATTACH_FILTER, header, header.length);
            check(result, "setsockopt(SO_ATTACH_FILTER)");
        } finally {
            Reference.reachabilityFence(program);
        }
    }

    /**
     * Makes the kernel refuse every new TCP connection at once, while handshakes under way complete and what waits can be
     * accepted: the socket is bound to a network interface that no machine has, so that no SYN finds it any more, and
     * everything later in a handshake does not look for it. Needs no privilege, but taking it back would (CAP_NET_RAW).
     *
     * @throws PosixException EPERM: a kernel before 5.7, or the socket is bound to an interface already
     */
    public void refuseNewConnections(int descriptor) throws PosixException {
        set(descriptor, SOL_SOCKET, SO_BINDTOIFINDEX, Integer.MAX_VALUE, "SO_BINDTOIFINDEX");
    }

    /** Waits, up to this long, for others to let go of an address: nothing tells when they do. */
    public void pause(int millis) {
        libc.poll(new byte[0], 0, millis);
    }

    /** Closes a socket of ours. */
    public void close(int descriptor) {
        libc.close(descriptor);
    }

    private int intOption(int descriptor, int option, String name) throws PosixException {
        byte[] value = new byte[4];
        int[] length = {value.length};
        check(
                libc.getsockopt(descriptor, SOL_SOCKET, option, value, length),
                "getsockopt(" + descriptor + ", " + name + ")");
        return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt();
    }

    private void set(int descriptor, int level, int option, int value, String name) throws PosixException {
        byte[] bytes = ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
        check(libc.setsockopt(descriptor, level, option, bytes, bytes.length), "setsockopt(" + name + ")");
    }

    private static int check(int result, String call) throws PosixException {
        if (result < 0) {
            throw failure(call);
        }
        return result;
    }

    private static PosixException failure(String call) {
        return new PosixException(call, LibC.errno());
    }

    /** A classic BPF program over the TCP header, see socket(7) and the kernel's networking/filter. */
    private static final class SynFilter {
        private static final int INSTRUCTIONS = 5;
        private static final int INSTRUCTION_SIZE = 8;

        private SynFilter() {}

        static Pointer program() {
            ByteBuffer code =
                    ByteBuffer.allocate(INSTRUCTIONS * INSTRUCTION_SIZE).order(ByteOrder.nativeOrder());
            instruction(code, 0x30, 0, 0, 13); // A = byte 13 of the TCP header, the flags
            instruction(code, 0x54, 0, 0, 0x12); // A &= SYN | ACK
            instruction(code, 0x15, 0, 1, 0x02); // is it SYN without ACK?
            instruction(code, 0x06, 0, 0, 0); // yes: drop
            instruction(code, 0x06, 0, 0, 0xffffffff); // no: take all of it
            Pointer program = Memory.allocateDirect(LibC.runtime(), code.capacity(), true);
            program.put(0, code.array(), 0, code.capacity());
            return program;
        }

        /** Returns {@code struct sock_fprog { unsigned short length; struct sock_filter *program; }}. */
        static byte[] header(Pointer program) {
            ByteBuffer header = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
            return header.putShort(0, (short) INSTRUCTIONS)
                    .putLong(8, program.address())
                    .array();
        }

        private static void instruction(ByteBuffer code, int operation, int whenTrue, int whenFalse, int operand) {
            code.putShort((short) operation)
                    .put((byte) whenTrue)
                    .put((byte) whenFalse)
                    .putInt(operand);
        }
    }
}
