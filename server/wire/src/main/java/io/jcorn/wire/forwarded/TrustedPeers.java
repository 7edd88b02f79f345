package io.jcorn.wire.forwarded;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is believed when he says for whom he speaks.
 *
 * <p>Whoever comes by a Unix socket is believed unless nobody is, as in gunicorn: the permissions of the socket and its folder
 * have already decided who that can be.
 */
public final class TrustedPeers {

    /** Nobody is believed. */
    public static final TrustedPeers NOBODY = parse(List.of());

    private static final String EVERYBODY = "*";

    private final boolean everybody;
    private final List<Network> networks;

    private TrustedPeers(boolean everybody, List<Network> networks) {
        this.everybody = everybody;
        this.networks = networks;
    }

    /**
     * Reads a list of addresses, networks such as {@code 10.0.0.0/8}, and {@code *} for everybody.
     *
     * @throws IllegalArgumentException if an entry is none of these; the message quotes it and says what is wrong
     */
    public static TrustedPeers parse(List<String> entries) {
        List<Network> networks = new ArrayList<>();
        boolean everybody = false;
        for (String entry : entries) {
            if (entry.equals(EVERYBODY)) {
                everybody = true;
                continue;
            }
            try {
                networks.add(Network.parse(entry));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("\"" + entry + "\" " + e.getMessage(), e);
            }
        }
        return new TrustedPeers(everybody, List.copyOf(networks));
    }

    /**
     * Says what is wrong with one entry of such a list.
     *
     * @return words that complete "ENTRY …"; null if it is right
     */
    public static @Nullable String fault(String entry) {
        if (entry.equals(EVERYBODY)) {
            return null;
        }
        try {
            Network.parse(entry);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    /** Whether nobody is believed. */
    public boolean none() {
        return !everybody && networks.isEmpty();
    }

    /**
     * Whether this peer is believed. An IPv4 client of an IPv6 socket counts as what it is.
     *
     * @param peer the other end of the connection, an Internet address or else a Unix socket; null: nobody
     */
    public boolean trusts(@Nullable SocketAddress peer) {
        if (peer instanceof InetSocketAddress internet) {
            InetAddress address = internet.getAddress();
            return address != null && trusts(address);
        }
        return peer != null && !none();
    }

    /** Whether who has this address is believed. */
    public boolean trusts(InetAddress address) {
        if (everybody) {
            return true;
        }
        byte[] bytes = address.getAddress();
        for (Network network : networks) {
            if (network.contains(bytes)) {
                return true;
            }
        }
        return false;
    }
}
