package io.jcorn.worker.http;

import com.sun.net.httpserver.Headers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the head of a response. Names and values are checked here, whoever put them into the headers and by what way:
 * response splitting is impossible.
 *
 * <p>The engine owns {@code Connection}, {@code Content-Length}, {@code Date}, {@code Keep-Alive} and
 * {@code Transfer-Encoding}; what the application says there is ignored, but for {@code Connection: close}, which is
 * honoured, and the {@code Content-Length} of a response to a HEAD and of a 304, which have no body by their nature.
 */
public final class ResponseHead {

    /** How the end of the body is told to the client. */
    public enum Framing {
        /** {@code Content-Length}. */
        LENGTH,
        /** {@code Transfer-Encoding: chunked}. */
        CHUNKED,
        /** By closing the connection: a body of unknown length for HTTP/1.0. */
        CLOSE,
        /** By the end of the stream: a body of unknown length for HTTP/2. */
        STREAM,
        /** There is none by the nature of the response (HEAD, 204, 304); a length given by the application stands. */
        NONE;

        /**
         * Decides for a response.
         *
         * @param isHead whether it answers a HEAD
         * @param length as the application says it: positive, 0 for a body of unknown length, -1 for none
         */
        public static Framing of(int status, boolean isHead, long length, Version version) {
            if (status == 205) {
                return LENGTH;
            }
            boolean bodyless = status < 200 || status == 204 || status == 304;
            if (bodyless || (isHead && length < 0)) {
                return NONE;
            }
            if (length != 0) {
                return LENGTH;
            }
            return switch (version) {
                case HTTP_1_0 -> isHead ? NONE : CLOSE;
                case HTTP_1_1 -> CHUNKED;
                case HTTP_2 -> STREAM;
            };
        }
    }

    private static final byte[] HTTP = latin1("HTTP/1.1 ");
    private static final byte[] OK = latin1("HTTP/1.1 200 OK\r\n");
    private static final byte[] SERVER = latin1("Server: jcorn\r\n");
    private static final byte[] LENGTH = latin1("Content-Length: ");
    private static final byte[] CHUNKED = latin1("Transfer-Encoding: chunked\r\n");
    private static final byte[] CLOSE = latin1("Connection: close\r\n");
    private static final byte[] UPGRADE = latin1("Connection: Upgrade\r\n");
    private static final byte[] CLOSE_UPGRADE = latin1("Connection: close, Upgrade\r\n");
    private static final byte[] KEEP_ALIVE = latin1("Connection: keep-alive\r\n");

    private ResponseHead() {}

    /** Returns whether the application asks for the connection to be closed. */
    public static boolean asksToClose(Headers headers) {
        if (!headers.containsKey("Connection")) {
            return false;
        }
        List<String> values = headers.get("Connection");
        if (values == null) {
            return false;
        }
        for (String value : values) {
            if (value != null && value.trim().equalsIgnoreCase("close")) {
                return true;
            }
        }
        return false;
    }

    /**
     * Appends a complete head.
     *
     * @param status 100..999
     * @param framing how the body's end is told
     * @param length the body's length for {@link Framing#LENGTH}
     * @param keepAlive whether the connection stays open
     * @param http11 whether the client speaks HTTP/1.1; an older one must be told that the connection stays
     * @throws IllegalArgumentException if a name is not a token or a value holds what would end it; the message names the
     *     field
     */
    public static void append(
            Bytes out, int status, Headers headers, Framing framing, long length, boolean keepAlive, boolean http11) {
        if (status == 200) {
            out.append(OK);
        } else {
            statusLine(out, status);
        }
        out.append(HttpDate.line());
        if (!each(headers, out)) {
            out.append(SERVER);
        }
        switch (framing) {
            case LENGTH -> out.append(LENGTH).append(length).append('\r').append('\n');
            case CHUNKED -> out.append(CHUNKED);
            case CLOSE, STREAM -> {}
            case NONE -> {
                String given = givenLength(status, headers);
                if (given != null) {
                    out.append(LENGTH).append(given).append('\r').append('\n');
                }
            }
        }
        if (status == 101) {
            out.append(UPGRADE);
        } else if (!keepAlive) {
            // Who names a protocol to upgrade to has to name that field here: RFC 9110 §7.8.
            out.append(status == 426 ? CLOSE_UPGRADE : CLOSE);
        } else if (!http11) {
            out.append(KEEP_ALIVE);
        }
        out.append('\r').append('\n');
    }

    /**
     * Appends an interim response (RFC 9110 §15.2): a head that another follows.
     *
     * @param status 102..199
     * @throws IllegalArgumentException as above
     */
    public static void appendInterim(Bytes out, int status, Headers headers) {
        statusLine(out, status);
        each(headers, out);
        out.append('\r').append('\n');
    }

    private static void statusLine(Bytes out, int status) {
        out.append(HTTP).append((long) status).append(' ').append(Status.reason(status));
        out.append('\r').append('\n');
    }

    /** Takes the fields of a head one by one. */
    public interface Sink {
        /**
         * Takes a field.
         *
         * @param name in lower case
         */
        void field(String name, String value);
    }

    /**
     * Takes a head apart for a protocol whose heads are not text, as HTTP/2: lower-case names, no space around values, nothing
     * about the connection.
     *
     * @throws IllegalArgumentException as {@link #append}
     */
    public static void fields(int status, Headers headers, Framing framing, long length, Sink sink) {
        sink.field("date", HttpDate.text());
        if (!each(headers, (name, value) -> field(sink, name, value))) {
            sink.field("server", "jcorn");
        }
        String given = framing == Framing.NONE ? givenLength(status, headers) : null;
        if (framing == Framing.LENGTH) {
            sink.field("content-length", Long.toString(length));
        } else if (given != null) {
            sink.field("content-length", given);
        }
    }

    /** Takes the head of an interim response apart: it says nothing but what the application says. */
    public static void interimFields(Headers headers, Sink sink) {
        each(headers, (name, value) -> field(sink, name, value));
    }

    /** Takes the fields of the application one by one. */
    interface Fields {
        /**
         * Takes a field.
         *
         * @param name in any case
         */
        void field(String name, @Nullable String value);
    }

    /** Gives all fields that are not the engine's own. Returns whether one of them names the server. */
    private static boolean each(Headers headers, Fields into) {
        boolean named = false;
        if (headers instanceof ResponseHeaders row && row.flat() >= 0) {
            for (int i = 0; i < row.flat(); i++) {
                named |= give(row.name(i), row.value(i), into);
            }
            return named;
        }
        for (Map.Entry<String, List<String>> entry : headers.entrySet()) {
            List<String> values = entry.getValue();
            for (int i = 0; values != null && i < values.size(); i++) {
                named |= give(entry.getKey(), values.get(i), into);
            }
        }
        return named;
    }

    private static boolean give(String name, @Nullable String value, Fields into) {
        if (owned(name)) {
            return false;
        }
        into.field(name, value);
        return name.equalsIgnoreCase("Server");
    }

    private static void field(Sink sink, String name, @Nullable String value) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        if (!lowerCase.equals("upgrade") && !lowerCase.equals("proxy-connection")) {
            check(name, value);
            sink.field(lowerCase, value == null ? "" : value.strip());
        }
    }

    private static void check(String name, @Nullable String value) {
        if (name.isEmpty() || !consistsOf(Octets.TOKEN, name)) {
            throw badName(name);
        }
        if (value != null && !consistsOf(Octets.VALUE, value)) {
            throw badValue(name, value);
        }
    }

    private static boolean consistsOf(int octetClass, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Octets.is(octetClass, text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    static IllegalArgumentException badName(String name) {
        return new IllegalArgumentException("a response header's name is not a token: " + printable(name));
    }

    static IllegalArgumentException badValue(String name, String value) {
        return new IllegalArgumentException("the value of the response header " + name
                + " has a character that a header cannot carry: " + printable(value));
    }

    private static boolean owned(String name) {
        return switch (name.length()) {
            case 4 -> name.equalsIgnoreCase("Date");
            case 10 -> name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Keep-Alive");
            case 14 -> name.equalsIgnoreCase("Content-Length");
            case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
            default -> false;
        };
    }

    /** Returns the length that the application gives for a body that is not sent. RFC 9110 §8.6: never with 1xx and 204. */
    private static @Nullable String givenLength(int status, Headers headers) {
        boolean allowed = status >= 200 && status != 204 && headers.containsKey("Content-Length");
        List<String> values = allowed ? headers.get("Content-Length") : null;
        if (values == null || values.size() != 1 || values.get(0) == null) {
            return null;
        }
        String value = values.get(0).trim();
        boolean digits =
                !value.isEmpty() && value.length() <= 18 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? value : null;
    }

    private static String printable(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.chars().limit(80).forEach(c -> {
            if (c >= 0x20 && c < 0x7f) {
                out.append((char) c);
            } else {
                out.append(String.format("\\u%04x", c));
            }
        });
        return out.append('"').toString();
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
