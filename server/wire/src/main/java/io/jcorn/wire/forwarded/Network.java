package io.jcorn.wire.forwarded;

import java.net.InetAddress;
import java.util.Arrays;

/** A network of Internet addresses: CIDR, see RFC 4632 and RFC 4291 §2.3. A single address is a network too. */
final class Network {

    /** How many bits stand before an address of IPv4 that is written as one of IPv6: RFC 4291 §2.5.5.2. */
    private static final int MAPPED = 96;

    /** Its first address, 4 or 16 bytes. */
    private final byte[] address;

    /** How many leading bits an address has to share with it. */
    private final int prefix;

    private Network(byte[] address, int prefix) {
        this.address = address;
        this.prefix = prefix;
    }

    /**
     * Reads {@code 10.0.0.0/8}, {@code fd00::/8}, {@code 127.0.0.1} or {@code ::1}.
     *
     * @throws IllegalArgumentException if it is none of these; the message completes "TEXT …"
     */
    static Network parse(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        InetAddress literal = IpLiteral.parse(host);
        if (literal == null) {
            throw new IllegalArgumentException("is no address");
        }
        byte[] address = literal.getAddress();
        int bits = address.length * Byte.SIZE;
        if (slash < 0) {
            return new Network(address, bits);
        }
        int outside = host.indexOf(':') >= 0 && bits == Integer.SIZE ? MAPPED : 0;
        int prefix = IpLiteral.decimal(text, slash + 1, text.length(), bits + outside) - outside;
        if (prefix < 0) {
            throw new IllegalArgumentException(
                    "has no number of bits from " + outside + " to " + (bits + outside) + " after the slash");
        }
        Network network = new Network(address, prefix);
        network.refuseStrayBits(host, text.substring(slash + 1));
        return network;
    }

    /** Who writes 10.1.2.3/8 may mean the host or the network: trust is not given on a guess. */
    private void refuseStrayBits(String host, String prefixText) {
        byte[] first = address.clone();
        for (int bit = prefix; bit < first.length * Byte.SIZE; bit++) {
            first[bit / Byte.SIZE] &= (byte) ~(0x80 >> (bit % Byte.SIZE));
        }
        if (!Arrays.equals(first, address)) {
            throw new IllegalArgumentException("names a host and a network at once: the network is "
                    + IpLiteral.address(first).getHostAddress() + "/" + prefixText + ", the host alone is " + host);
        }
    }

    boolean contains(byte[] other) {
        if (other.length != address.length) {
            return false;
        }
        int whole = prefix / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (address[i] != other[i]) {
                return false;
            }
        }
        int rest = prefix % Byte.SIZE;
        return rest == 0 || ((address[whole] ^ other[whole]) & 0xff) >> (Byte.SIZE - rest) == 0;
    }
}
