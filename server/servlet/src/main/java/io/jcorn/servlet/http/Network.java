package io.jcorn.servlet.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * A network of Internet addresses: CIDR, see RFC 4632 and RFC 4291 section 2.3. A single address is a network too.
 */
final class Network {

    /** What may be an address. Everything else would be looked up as a name. */
    private static final Pattern NUMERIC =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

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
     * @throws IllegalArgumentException if it is none of these
     */
    static Network parse(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        if (!NUMERIC.matcher(host).matches()) {
            throw wrong(text);
        }
        try {
            byte[] address = InetAddress.getByName(host).getAddress();
            int bits = address.length * Byte.SIZE;
            int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
            if (prefix < 0 || prefix > bits) {
                throw wrong(text);
            }
            return new Network(address, prefix);
        } catch (UnknownHostException | NumberFormatException e) {
            throw wrong(text);
        }
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "forwarded-allow-ips: " + text
                        + " is neither an address (127.0.0.1, ::1) nor a network (10.0.0.0/8, fd00::/8) nor * (everybody) nor unix");
    }

    boolean contains(byte[] other) {
        if (other.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if ((address[bit / Byte.SIZE] & mask) != (other[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }
}
