package io.jcorn.agent.adopt;

import static io.jcorn.agent.adopt.PatchPoint.Kind.ACCEPT;
import static io.jcorn.agent.adopt.PatchPoint.Kind.ACCEPT_UNIX;
import static io.jcorn.agent.adopt.PatchPoint.Kind.BIND;
import static io.jcorn.agent.adopt.PatchPoint.Kind.BIND_UNIX;
import static io.jcorn.agent.adopt.PatchPoint.Kind.BLOCKING;
import static io.jcorn.agent.adopt.PatchPoint.Kind.CLOSE;
import static io.jcorn.agent.adopt.PatchPoint.Kind.DETACH;
import static io.jcorn.agent.adopt.PatchPoint.Kind.INHERIT;
import static io.jcorn.agent.adopt.PatchPoint.Kind.LISTEN;
import static io.jcorn.agent.adopt.PatchPoint.Kind.NETTY_ACCEPT;
import static io.jcorn.agent.adopt.PatchPoint.Kind.NETTY_BIND;
import static io.jcorn.agent.adopt.PatchPoint.Kind.NETTY_CLOSE;
import static io.jcorn.agent.adopt.PatchPoint.Kind.NETTY_LISTEN;
import static io.jcorn.agent.adopt.PatchPoint.Kind.NETTY_OPEN;
import static io.jcorn.agent.adopt.PatchPoint.Kind.NETTY_READ;
import static io.jcorn.agent.adopt.PatchPoint.Kind.NETTY_SPLICE;
import static io.jcorn.agent.adopt.PatchPoint.Kind.NETTY_WRITE;
import static io.jcorn.agent.adopt.PatchPoint.Kind.OPEN;
import static io.jcorn.agent.adopt.PatchPoint.Kind.READ;
import static io.jcorn.agent.adopt.PatchPoint.Kind.VARIABLE;
import static io.jcorn.agent.adopt.PatchPoint.Kind.WRITE;

import io.jcorn.agent.adopt.PatchPoint.Kind;
import java.util.List;
import java.util.Set;

/**
 * Everything that is patched. The members are private to the JDK; they are the same in 17 and 25 but for what stands beside a
 * range. A JDK in which the counts differ is one that we do not know: it is refused rather than half patched.
 *
 * <p>Natives cannot be given a body, so where one is concerned its call sites are rewritten.
 */
final class PatchPoints {

    /** Where all classes of the JDK are that are patched, but one. */
    private static final String CHANNELS = "sun/nio/ch/";

    private static final String ENVIRONMENT = "java/lang/ProcessEnvironment";

    private static final String FD = "Ljava/io/FileDescriptor;";
    private static final String BIND_REST = FD + "Ljava/net/InetAddress;I)V";
    private static final String LISTEN_CALL = "sun/nio/ch/Net.listen(" + FD + "I)V";
    private static final String ACCEPT_CALL = "sun/nio/ch/Net.accept(" + FD + FD + "[Ljava/net/InetSocketAddress;)I";
    private static final String BLOCKING_CALL = "sun/nio/ch/IOUtil.configureBlocking(" + FD + "Z)V";

    /** The end of the names of Netty's classes, however they are relocated. */
    static final String NETTY_SOCKET = "io/netty/channel/unix/Socket";

    static final String NETTY_DESCRIPTOR = "io/netty/channel/unix/FileDescriptor";

    private static final String NETTY_EPOLL_SOCKET = "io/netty/channel/epoll/LinuxSocket";
    private static final String NETTY_EPOLL = "io/netty/channel/epoll/Native";
    private static final List<String> NETTY_CLASSES =
            List.of(NETTY_SOCKET, NETTY_DESCRIPTOR, NETTY_EPOLL_SOCKET, NETTY_EPOLL);

    /** More often than any method ends. */
    private static final int MANY = 100;

    /** The patch points of the JDK. */
    static final List<PatchPoint> JDK = List.of(
            calls("ServerSocketChannelImpl", BIND, "sun/nio/ch/Net.bind(Ljava/net/ProtocolFamily;" + BIND_REST, 1),
            calls("ServerSocketChannelImpl", LISTEN, LISTEN_CALL, 2),
            calls("ServerSocketChannelImpl", ACCEPT, ACCEPT_CALL, 1),
            new PatchPoint(
                    CHANNELS + "ServerSocketChannelImpl",
                    Set.of("lockedConfigureBlocking(Z)V", "tryLockedConfigureBlocking(Z)Z"),
                    BLOCKING,
                    BLOCKING_CALL,
                    2,
                    2),
            body(
                    "ServerSocketChannelImpl",
                    OPEN,
                    "<init>(Ljava/nio/channels/spi/SelectorProvider;Ljava/net/ProtocolFamily;" + FD + "Z)V"),
            calls("NioSocketImpl", BIND, "sun/nio/ch/Net.bind(" + BIND_REST, 1),
            calls("NioSocketImpl", LISTEN, LISTEN_CALL, 1),
            calls("NioSocketImpl", ACCEPT, ACCEPT_CALL, 4),
            // Only up to Java 18: later ones never make a socket blocking again.
            new PatchPoint(
                    CHANNELS + "NioSocketImpl",
                    Set.of("configureBlocking(" + FD + ")V"),
                    BLOCKING,
                    BLOCKING_CALL,
                    0,
                    1),
            calls("AsynchronousServerSocketChannelImpl", BIND, "sun/nio/ch/Net.bind(" + BIND_REST, 1),
            calls("AsynchronousServerSocketChannelImpl", LISTEN, LISTEN_CALL, 1),
            calls("UnixAsynchronousServerSocketChannelImpl", ACCEPT, ACCEPT_CALL, 2),
            // One of these two: the method moved up.
            new PatchPoint(CHANNELS + "SocketDispatcher", Set.of("close(" + FD + ")V"), CLOSE, "", 0, 1),
            new PatchPoint(CHANNELS + "UnixDispatcher", Set.of("close(" + FD + ")V"), CLOSE, "", 0, 1),
            body("SocketDispatcher", READ, "read(" + FD + "JI)I", "readv(" + FD + "JI)J"),
            body("SocketDispatcher", WRITE, "write(" + FD + "JI)I", "writev(" + FD + "JI)J"),
            body("UnixDomainSockets", BIND_UNIX, "bind(" + FD + "Ljava/nio/file/Path;)V"),
            body("UnixDomainSockets", ACCEPT_UNIX, "accept(" + FD + FD + "[Ljava/lang/String;)I"),
            calls("InheritedChannel", INHERIT, "sun/nio/ch/InheritedChannel.dup(I)I", 1),
            body("InheritedChannel", DETACH, "detachIOStreams()V"),
            new PatchPoint(ENVIRONMENT, Set.of("getenv(Ljava/lang/String;)Ljava/lang/String;"), VARIABLE, "", 1, 1));

    /** The patch points of Netty's native transports, io_uring included. */
    static final List<PatchPoint> NETTY = List.of(
            netty(NETTY_SOCKET, NETTY_BIND, "bind(Ljava/net/SocketAddress;)V"),
            netty(NETTY_SOCKET, NETTY_LISTEN, "listen(I)V"),
            netty(NETTY_SOCKET, NETTY_ACCEPT, "accept([B)I"),
            netty(NETTY_SOCKET, NETTY_OPEN, "<init>(I)V"),
            netty(NETTY_DESCRIPTOR, NETTY_CLOSE, "close()V"),
            // Which of these there are, and which are used, differs from version to version.
            optional(NETTY_SOCKET, NETTY_READ, "recv(", "recvAddress("),
            optional(NETTY_SOCKET, NETTY_WRITE, "send(", "sendAddress("),
            optional(NETTY_DESCRIPTOR, NETTY_READ, "read(", "readAddress("),
            optional(NETTY_DESCRIPTOR, NETTY_WRITE, "write(", "writeAddress(", "writev(", "writevAddresses("),
            optional(NETTY_EPOLL_SOCKET, NETTY_WRITE, "sendFile("),
            optional(NETTY_EPOLL, NETTY_SPLICE, "splice(IJIJJ)I"));

    private PatchPoints() {}

    /** Whether a class of the JDK may be among them; asked for each that is loaded. */
    static boolean maybe(String name) {
        return name.startsWith(CHANNELS) || name.equals(ENVIRONMENT);
    }

    /** Whether a class is one of Netty's among them; asked for each that is loaded. */
    static boolean maybeNetty(String name) {
        for (String end : NETTY_CLASSES) {
            if (name.endsWith(end)) {
                return true;
            }
        }
        return false;
    }

    private static PatchPoint body(String type, Kind kind, String... methods) {
        return new PatchPoint(CHANNELS + type, Set.of(methods), kind, "", methods.length, methods.length);
    }

    private static PatchPoint calls(String type, Kind kind, String target, int count) {
        return new PatchPoint(CHANNELS + type, Set.of(), kind, target, count, count);
    }

    private static PatchPoint netty(String end, Kind kind, String method) {
        return new PatchPoint(end, Set.of(method), kind, "", 1, 1);
    }

    private static PatchPoint optional(String end, Kind kind, String... methods) {
        return new PatchPoint(end, Set.of(methods), kind, "", 0, MANY);
    }
}
