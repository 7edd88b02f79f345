package io.jcorn.master.settings;

/** Where to listen: one value of {@code --bind}. */
public sealed interface BindAddress {

    /**
     * A TCP address.
     *
     * @param host a host name or a literal address without brackets; empty: every address of the machine
     * @param port 0..65535; 0 lets the kernel choose
     */
    record Tcp(String host, int port) implements BindAddress {
        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /**
     * A Unix domain socket in the file system.
     *
     * @param path as the user wrote it
     */
    record Unix(String path) implements BindAddress {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /**
     * A Unix domain socket in Linux's abstract namespace, see unix(7).
     *
     * @param name without the leading {@code @}
     */
    record Abstract(String name) implements BindAddress {
        @Override
        public String toString() {
            return "unix:@" + name;
        }
    }

    /**
     * A listening socket that this process was started with.
     *
     * @param descriptor its number, at least 0
     */
    record Inherited(int descriptor) implements BindAddress {
        @Override
        public String toString() {
            return "fd://" + descriptor;
        }
    }

    /**
     * Reads {@code HOST:PORT}, {@code :PORT}, {@code [v6]:PORT}, {@code unix:PATH}, {@code unix:@NAME} or {@code fd://N}.
     *
     * @throws IllegalArgumentException with one sentence that says what is wrong and what is allowed
     */
    static BindAddress parse(String text) {
        if (text.startsWith("unix:@")) {
            return new Abstract(nonEmpty(text.substring(6), text, "a name after unix:@"));
        }
        if (text.startsWith("unix:")) {
            String path = text.substring(5).replaceFirst("^//(?=/)", "");
            return new Unix(nonEmpty(path, text, "a path after unix:"));
        }
        if (text.startsWith("fd://")) {
            return new Inherited(
                    number(text.substring(5), 0, Integer.MAX_VALUE, text, "a descriptor number after fd://"));
        }
        int colon = text.lastIndexOf(':');
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            if (close < 2 || colon != close + 1) {
                throw malformed(text, "an IPv6 address is written [ADDRESS]:PORT");
            }
            return new Tcp(text.substring(1, close), port(text.substring(colon + 1), text));
        }
        if (colon < 0) {
            throw malformed(text, "the port is missing; it is written HOST:PORT");
        }
        if (text.indexOf(':') != colon) {
            throw malformed(text, "an IPv6 address is written in brackets, [ADDRESS]:PORT");
        }
        return new Tcp(text.substring(0, colon), port(text.substring(colon + 1), text));
    }

    private static int port(String digits, String text) {
        return number(digits, 0, 65535, text, "a port from 0 to 65535");
    }

    private static int number(String digits, int from, int to, String text, String wanted) {
        if (!digits.matches("[0-9]{1,10}") || Long.parseLong(digits) < from || Long.parseLong(digits) > to) {
            throw malformed(text, "\"" + digits + "\" is not " + wanted);
        }
        return Integer.parseInt(digits);
    }

    private static String nonEmpty(String value, String text, String wanted) {
        if (value.isEmpty()) {
            throw malformed(text, "it needs " + wanted);
        }
        return value;
    }

    private static IllegalArgumentException malformed(String text, String why) {
        return new IllegalArgumentException("\"" + text + "\" is no address to listen on: " + why
                + ". Allowed: HOST:PORT, :PORT, [v6]:PORT, unix:PATH, unix:@NAME, fd://N");
    }
}
