package io.jcorn.servlet.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

/** Who is believed when he says for whom he forwards a request. */
public final class TrustedPeers {

    /** Trusts everybody. */
    private static final String EVERYBODY = "*";

    /** Trusts whoever may open the Unix socket: the permissions of its folder decide who that is. */
    private static final String UNIX = "unix";

    private final boolean everybody;
    private final boolean unix;
    private final List<Network> networks;

    private TrustedPeers(boolean everybody, boolean unix, List<Network> networks) {
        this.everybody = everybody;
        this.unix = unix;
        this.networks = networks;
    }

    /**
     * Reads a list of addresses, networks, {@code *} and {@code unix}.
     *
     * @throws IllegalArgumentException if an entry is none of these
     */
    public static TrustedPeers parse(List<String> entries) {
        return new TrustedPeers(
                entries.contains(EVERYBODY),
                entries.contains(UNIX),
                entries.stream()
                        .filter(entry -> !entry.equals(EVERYBODY) && !entry.equals(UNIX))
                        .map(Network::parse)
                        .toList());
    }

    /** Whether nobody is trusted. */
    public boolean none() {
        return !everybody && !unix && networks.isEmpty();
    }

    /** Whether this peer is trusted. An IPv4 client of an IPv6 socket counts as what it is. */
    public boolean trusts(SocketAddress peer) {
        if (everybody) {
            return true;
        }
        if (!(peer instanceof InetSocketAddress internet)) {
            return unix;
        }
        InetAddress address = internet.getAddress();
        if (address == null) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return networks.stream().anyMatch(network -> network.contains(bytes));
    }
}
