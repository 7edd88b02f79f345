package io.jcorn.servlet.http;

import io.jcorn.wire.RequestLimits;
import io.jcorn.wire.RequestReading;
import io.jcorn.wire.RequestReading.HeaderMap;
import io.jcorn.wire.ServletOptions;
import io.jcorn.wire.forwarded.TrustedPeers;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.UriCompliance;

/**
 * How strictly requests are read: Jetty's own modes, each of its violations decided, and the rules that it lacks. All of them are
 * written down in {@code docs/servlets.md}.
 */
final class ReadingRules {

    /** What a line may be long that has no limit of its own, in bytes. */
    private static final int UNLIMITED = 64 << 10;

    /** The longest head, in bytes, whatever the other limits allow. */
    private static final int LONGEST_HEAD = 1 << 20;

    /** The colon and the blank, which belong to a header field but not to its name and value. */
    private static final int FIELD_OVERHEAD = ": ".length();

    private final RequestLimits limits;
    private final RequestReading reading;
    private final TrustedPeers trusted;
    private final List<String> forwarderHeaders;

    ReadingRules(ServletOptions options) {
        limits = options.limits();
        reading = options.reading();
        trusted = options.forwarding().forwarding().trusted();
        forwarderHeaders = reading.forwarderHeaders().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
    }

    /**
     * Nothing that RFC 9112 forbids or only tolerates: no bare line feed, no space before a colon, no second Content-Length or Host, no
     * Content-Length beside Transfer-Encoding, no authority that contradicts Host. Folded lines are a setting.
     */
    HttpCompliance http() {
        return reading.obsoleteFolding()
                ? HttpCompliance.STRICT.with("FOLDING", HttpCompliance.Violation.MULTILINE_FIELD_VALUE)
                : HttpCompliance.STRICT;
    }

    /**
     * What Jakarta Servlet 6.0, 3.5.2 refuses: encoded slashes, dot segments that are encoded or have parameters, backslashes and control
     * characters. An encoded percent sign and empty segments, which Jetty would refuse too, are served.
     */
    static UriCompliance uri() {
        return new UriCompliance(
                "SERVLET",
                Set.of(
                        UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING,
                        UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT));
    }

    /** Returns how long a head may be that is parsed at all, in bytes: it bounds the memory that a client can use up. */
    int longestHead() {
        long line = limits.line() == 0 ? UNLIMITED : limits.line();
        long field = limits.fieldSize() == 0 ? UNLIMITED : limits.fieldSize();
        long head = limits.head() == 0 ? LONGEST_HEAD : Math.min(LONGEST_HEAD, limits.head());
        return (int) Math.min(head, line + field * limits.fields());
    }

    /** Returns the most bytes of a request line, without its end. */
    int longestLine() {
        return limits.line() == 0 ? LONGEST_HEAD : limits.line();
    }

    boolean unconventionalMethods() {
        return reading.unconventionalMethods();
    }

    boolean unconventionalVersions() {
        return reading.unconventionalVersions();
    }

    boolean casefoldMethods() {
        return reading.casefoldMethods();
    }

    /**
     * Refuses a field beyond the limits.
     *
     * @param count how many fields there are with this one
     */
    void checkSize(HttpField field, int count) {
        if (count > limits.fields()) {
            throw new HttpException.RuntimeException(
                    HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431,
                    "The request has more than " + limits.fields() + " header fields");
        }
        String value = field.getValue();
        int size = field.getName().length() + (value == null ? 0 : value.length()) + FIELD_OVERHEAD;
        if (limits.fieldSize() > 0 && size > limits.fieldSize()) {
            throw new HttpException.RuntimeException(
                    HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431,
                    "A header field is longer than " + limits.fieldSize() + " bytes");
        }
    }

    /** Whether the application gets the field: one with an underscore may be dropped, or refused. */
    boolean admits(HttpField field, SocketAddress peer) {
        String name = field.getName();
        if (name.indexOf('_') < 0
                || reading.headerMap() == HeaderMap.DANGEROUS
                || (forwarder(name) && trusted.trusts(peer))) {
            return true;
        }
        if (reading.headerMap() == HeaderMap.REFUSE) {
            throw BadRequest.because("A header field's name has an underscore");
        }
        return false;
    }

    private boolean forwarder(String name) {
        return forwarderHeaders.contains("*") || forwarderHeaders.contains(name.toLowerCase(Locale.ROOT));
    }
}
