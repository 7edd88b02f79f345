package io.jcorn.master.listen;

import io.jcorn.master.posix.PosixException;
import io.jcorn.master.posix.SocketName;
import io.jcorn.master.posix.Sockets;
import io.jcorn.master.settings.BindAddress;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Names of machines and the addresses of this one. */
final class Hosts {
    static final InetAddress EVERY_V4 = literal("0.0.0.0");
    static final InetAddress EVERY_V6 = literal("::");

    private static final Comparator<InetAddress> BY_IMPORTANCE = Comparator.comparing(
                    (InetAddress address) -> address instanceof Inet6Address)
            .thenComparing(address -> !address.isLoopbackAddress());

    private Hosts() {}

    /** Returns the address that a name stands for: its first IPv4 one if it has any. A literal is never looked up. */
    static InetAddress resolve(BindAddress.Tcp address) throws BindException {
        try {
            InetAddress[] all = InetAddress.getAllByName(address.host());
            return Arrays.stream(all)
                    .filter(Inet4Address.class::isInstance)
                    .findFirst()
                    .orElse(all[0]);
        } catch (UnknownHostException e) {
            throw new BindException(
                    """
                    Cannot listen on %s: the host "%s" is unknown.
                      Neither /etc/hosts nor the name service has an address for it.
                      Write an address of this machine (%s), or leave the host out to listen on all: :%d""".formatted(address, address.host(), String.join(", ", ofThisMachine()), address.port()), e);
        }
    }

    /** Whether an IPv6 socket can be bound: the family may be missing from the kernel, or switched off on every interface. */
    static boolean machineHasV6(Sockets sockets) {
        SocketName anyPort = new SocketName.Inet(EVERY_V6, 0);
        try {
            int descriptor = sockets.open(anyPort);
            try {
                sockets.dualStack(descriptor);
                sockets.bind(descriptor, anyPort);
                return true;
            } finally {
                sockets.close(descriptor);
            }
        } catch (PosixException e) {
            return false;
        }
    }

    /** Returns the addresses of this machine as texts, IPv4 before IPv6 and loopback first. */
    static List<String> ofThisMachine() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLinkLocalAddress())
                    .sorted(BY_IMPORTANCE)
                    .map(Hosts::text)
                    .toList();
        } catch (SocketException e) {
            return List.of("127.0.0.1");
        }
    }

    /** Returns an address as {@link #ofThisMachine} has it. */
    static String text(InetAddress address) {
        String withPort = new SocketName.Inet(address, 0).toString();
        return withPort.substring(0, withPort.length() - ":0".length());
    }

    private static InetAddress literal(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(text + " is an address", e);
        }
    }
}
