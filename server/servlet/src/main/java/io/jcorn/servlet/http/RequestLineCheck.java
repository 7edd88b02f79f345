package io.jcorn.servlet.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the bytes of a request line before Jetty's parser does, which takes {@code http/1.1} for {@code HTTP/1.1}, two spaces for one,
 * any token for a method, and knows no limit of the line alone.
 *
 * <pre>
 *   EMPTY ─► METHOD ─ space ─► TARGET ─ space ─► VERSION ─ CR LF ─► DONE
 * </pre>
 */
final class RequestLineCheck {

    private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";
    private static final String NAME = "HTTP/";
    private static final String CONNECT = "CONNECT";
    private static final int LONGEST_METHOD = 20;
    private static final int SHORTEST_METHOD = 3;

    private enum Part {
        EMPTY,
        METHOD,
        TARGET,
        VERSION,
        DONE
    }

    private Part part = Part.EMPTY;
    private int emptyLine;
    private int length;
    private int partLength;
    private boolean connect = true;
    private boolean asterisk;
    private boolean options = true;
    private int major;
    private int minor;

    /** Begins anew with the next request. */
    void reset() {
        part = Part.EMPTY;
        emptyLine = 0;
        length = 0;
        partLength = 0;
        connect = true;
        options = true;
        asterisk = false;
    }

    /**
     * Looks at what has arrived, each byte once. Methods that are to be raised and versions that are to be read as HTTP/1.1 are changed in
     * the buffer.
     *
     * @return why the request is refused; null: nothing is wrong so far
     */
    @Nullable
    HttpException check(ByteBuffer buffer, ReadingRules rules) {
        for (int i = buffer.position(); i < buffer.limit() && part != Part.DONE; i++) {
            HttpException refusal = octet(buffer, i, rules);
            if (refusal != null) {
                return refusal;
            }
        }
        return part != Part.DONE && length > rules.longestLine() ? tooLong(rules) : null;
    }

    private @Nullable HttpException octet(ByteBuffer buffer, int at, ReadingRules rules) {
        int octet = buffer.get(at) & 0xff;
        if (part == Part.EMPTY && emptyLine(octet)) {
            return null;
        }
        boolean end = part == Part.VERSION && partLength >= NAME.length() + 3;
        if (!end) {
            length++;
        }
        return switch (part) {
            case EMPTY, METHOD -> method(buffer, at, octet, rules);
            case TARGET -> target(octet);
            case VERSION -> version(buffer, at, octet, rules);
            case DONE -> null;
        };
    }

    /** Refuses a complete line that is too long: the access log has it then. */
    void checkLength(ReadingRules rules) {
        if (length > rules.longestLine()) {
            throw tooLong(rules);
        }
    }

    private static HttpException.RuntimeException tooLong(ReadingRules rules) {
        return new HttpException.RuntimeException(
                HttpStatus.URI_TOO_LONG_414, "The request line is longer than " + rules.longestLine() + " bytes");
    }

    /** One empty line before a request is ignored (RFC 9112, section 2.2). */
    private boolean emptyLine(int octet) {
        if (emptyLine == (octet == '\r' ? 0 : octet == '\n' ? 1 : -1)) {
            emptyLine++;
            return true;
        }
        part = Part.METHOD;
        return false;
    }

    private @Nullable HttpException method(ByteBuffer buffer, int at, int octet, ReadingRules rules) {
        if (emptyLine == 1 || (octet != ' ' && !token(octet)) || (octet == ' ' && partLength == 0)) {
            return BadRequest.because("The method has a byte that it must not have");
        }
        if (octet == ' ') {
            return endOfMethod(rules);
        }
        int letter = octet;
        if (rules.casefoldMethods() && lowerCase(octet)) {
            letter = octet - 'a' + 'A';
            buffer.put(at, (byte) letter);
        }
        connect &= partLength < CONNECT.length() && letter == CONNECT.charAt(partLength);
        options &= partLength < "OPTIONS".length() && letter == "OPTIONS".charAt(partLength);
        partLength++;
        if (!rules.unconventionalMethods() && (lowerCase(letter) || letter == '#' || partLength > LONGEST_METHOD)) {
            return unconventional();
        }
        return null;
    }

    private @Nullable HttpException endOfMethod(ReadingRules rules) {
        if (!rules.unconventionalMethods() && partLength < SHORTEST_METHOD) {
            return unconventional();
        }
        if (connect && partLength == CONNECT.length()) {
            return new HttpException.RuntimeException(HttpStatus.NOT_IMPLEMENTED_501, "This is no proxy");
        }
        options &= partLength == "OPTIONS".length();
        begin(Part.TARGET);
        return null;
    }

    private static HttpException unconventional() {
        return BadRequest.because("A method has 3 to 20 characters, none of them a lower-case letter or #");
    }

    /** The characters of a path are Jetty's to judge; here it is only where the target ends. */
    private @Nullable HttpException target(int octet) {
        if (octet == ' ' && partLength > 0) {
            begin(Part.VERSION);
            return null;
        }
        if (octet <= ' ' || octet == 0x7f || (partLength == 1 && asterisk)) {
            return BadRequest.because("The target has a byte that it must not have");
        }
        if (partLength == 0) {
            asterisk = octet == '*';
            if (asterisk && !options) {
                return BadRequest.because("The target * is for OPTIONS only");
            }
        }
        partLength++;
        return null;
    }

    private @Nullable HttpException version(ByteBuffer buffer, int at, int octet, ReadingRules rules) {
        int index = partLength++ - NAME.length();
        boolean right = index < 0
                ? octet == NAME.charAt(index + NAME.length())
                : switch (index) {
                    case 0, 2 -> octet >= '0' && octet <= '9';
                    case 1 -> octet == '.';
                    case 3 -> octet == '\r';
                    default -> octet == '\n';
                };
        if (!right) {
            return BadRequest.because("The version is none of HTTP, or the line does not end after it");
        }
        if (index == 0) {
            major = octet;
        } else if (index == 2) {
            minor = octet;
            if (major == '1' && minor > '1' && rules.unconventionalVersions()) {
                minor = '1';
                buffer.put(at, (byte) minor);
            }
        } else if (index == 4) {
            part = Part.DONE;
            if (major != '1' || minor > '1') {
                return new HttpException.RuntimeException(
                        HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505, "HTTP/1.1 and HTTP/1.0 are spoken here");
            }
        }
        return null;
    }

    private void begin(Part next) {
        part = next;
        partLength = 0;
    }

    private static boolean lowerCase(int octet) {
        return octet >= 'a' && octet <= 'z';
    }

    static boolean token(int octet) {
        return lowerCase(octet)
                || (octet >= 'A' && octet <= 'Z')
                || (octet >= '0' && octet <= '9')
                || TOKEN_SIGNS.indexOf(octet) >= 0;
    }
}
