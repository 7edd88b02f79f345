package io.jcorn.wire.forwarded;

/** A host and perhaps a port, as a {@code Host} header has them. */
final class Authority {

    private Authority() {}

    /** Whether it is a name of letters, digits, hyphens, dots and underscores, or an address, perhaps with a port. */
    static boolean valid(String text) {
        int end = hostEnd(text);
        if (end < 1) {
            return false;
        }
        return end == text.length()
                || (text.charAt(end) == ':' && IpLiteral.decimal(text, end + 1, text.length(), 65_535) >= 0);
    }

    static boolean hasPort(String valid) {
        return hostEnd(valid) < valid.length();
    }

    private static int hostEnd(String text) {
        if (text.startsWith("[")) {
            int bracket = text.indexOf(']');
            boolean address =
                    bracket > 0 && text.indexOf(':') < bracket && IpLiteral.parse(text.substring(1, bracket)) != null;
            return address ? bracket + 1 : -1;
        }
        int end = 0;
        while (end < text.length() && ofName(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean ofName(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '-'
                || c == '_';
    }
}
