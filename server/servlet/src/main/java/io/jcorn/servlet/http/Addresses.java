package io.jcorn.servlet.http;

import org.jspecify.annotations.Nullable;

/** Addresses as servlets are told of them: as CGI's REMOTE_ADDR, which has no brackets and no zone (RFC 3875, section 4.1.8). */
public final class Addresses {

    private Addresses() {}

    /** Returns an address without the brackets in which Jetty puts those of IPv6. */
    public static @Nullable String plain(@Nullable String address) {
        if (address == null || !address.startsWith("[") || !address.endsWith("]")) {
            return address;
        }
        int zone = address.indexOf('%');
        return address.substring(1, zone < 0 ? address.length() - 1 : zone);
    }
}
