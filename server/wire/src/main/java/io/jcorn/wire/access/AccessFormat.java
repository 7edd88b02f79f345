package io.jcorn.wire.access;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The shape of the lines of an access log, in gunicorn's language.
 *
 * <pre>
 *   format := "json" | *( text | "%%" | "%(" atom ")s" )
 *   atom   := one of h l u t r m U q H s b B f a T M D L p
 *           | "{" header "}i" | "{" header "}o" | "{" variable "}e"
 *           | "{slot}j" | "{generation}j" | "{end}j"
 * </pre>
 *
 * <p>Where gunicorn, being Python, takes {@code d} after an atom that is a number, that is taken too.
 */
public final class AccessFormat {

    /** The name of the format of one JSON object per line. */
    public static final String JSON = "json";

    private static final String KNOWN =
            "Known: h l u t r m U q H s b B f a T M D L p, {HEADER}i, {HEADER}o, {VARIABLE}e, {slot}j, {generation}j,"
                    + " {end}j";

    private static final String NUMBERS = "sBTMD";

    private final String text;
    private final List<Piece> pieces;

    /** A text, or the name of an atom, and whether it stands between quotes. */
    private record Piece(boolean atom, String text, boolean quoted) {}

    private AccessFormat(String text, List<Piece> pieces) {
        this.text = text;
        this.pieces = pieces;
    }

    /**
     * Reads a format.
     *
     * @throws IllegalArgumentException with one sentence that says what is wrong where, and what would be right
     */
    public static AccessFormat parse(String text) {
        if (text.chars().anyMatch(c -> c != '\t' && Character.isISOControl(c))) {
            throw new IllegalArgumentException("holds a control character, which would break the lines of the log");
        }
        if (text.equals(JSON)) {
            return new AccessFormat(text, List.of());
        }
        return new AccessFormat(text, pieces(text));
    }

    private static List<Piece> pieces(String text) {
        List<Piece> pieces = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        boolean quoted = false;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '%') {
                quoted ^= c == '"';
                literal.append(c);
                at++;
            } else if (text.startsWith("%%", at)) {
                literal.append('%');
                at += 2;
            } else {
                int close = close(text, at);
                String name = text.substring(at + 2, close);
                check(name, text.charAt(close + 1));
                pieces.add(new Piece(false, literal.toString(), quoted));
                literal.setLength(0);
                pieces.add(new Piece(true, name, quoted));
                at = close + 2;
            }
        }
        pieces.add(new Piece(false, literal.toString(), quoted));
        if (quoted) {
            throw new IllegalArgumentException("has a quote that is never closed");
        }
        return pieces;
    }

    /** Returns where the parenthesis of the atom closes that begins at an index. */
    private static int close(String text, int at) {
        String where = " at character " + (at + 1);
        if (!text.startsWith("%(", at)) {
            throw new IllegalArgumentException(
                    "has a % alone" + where + ": an atom is written %(NAME)s, and a percent sign %%");
        }
        int close = text.indexOf(')', at);
        if (close < 0) {
            throw new IllegalArgumentException(
                    "has a %(" + where + " that is never closed: an atom is written %(NAME)s");
        }
        if (close + 1 == text.length()) {
            throw new IllegalArgumentException(
                    "lacks the s after " + text.substring(at) + ": an atom is written %(NAME)s");
        }
        return close;
    }

    private static void check(String name, char conversion) {
        boolean number = NUMBERS.contains(name) && !name.isEmpty();
        if (conversion != 's' && !(conversion == 'd' && number)) {
            throw new IllegalArgumentException(
                    "has " + conversion + " after %(" + name + ") where an s belongs: an atom is written %(NAME)s");
        }
        part(name, false, variable -> "");
    }

    private static Part part(String name, boolean quoted, Function<String, String> constants) {
        if (name.startsWith("{")) {
            return braced(name, quoted, constants);
        }
        return switch (name) {
            case "h" -> Part.of(Atom.CLIENT, quoted);
            case "l" -> Part.literal(new byte[] {'-'});
            case "u" -> Part.of(Atom.USER, quoted);
            case "t" -> Part.of(Atom.TIME, quoted);
            case "r" -> Part.of(Atom.REQUEST_LINE, quoted);
            case "m" -> Part.of(Atom.METHOD, quoted);
            case "U" -> Part.of(Atom.PATH, quoted);
            case "q" -> Part.of(Atom.QUERY, quoted);
            case "H" -> Part.of(Atom.VERSION, quoted);
            case "s" -> Part.of(Atom.STATUS, quoted);
            case "b" -> Part.of(Atom.BODY_OR_DASH, quoted);
            case "B" -> Part.of(Atom.BODY, quoted);
            case "f" -> Part.field(Atom.REQUEST_FIELD, "referer", quoted);
            case "a" -> Part.field(Atom.REQUEST_FIELD, "user-agent", quoted);
            case "T" -> Part.of(Atom.SECONDS, quoted);
            case "M" -> Part.of(Atom.MILLIS, quoted);
            case "D" -> Part.of(Atom.MICROS, quoted);
            case "L" -> Part.of(Atom.DECIMAL_SECONDS, quoted);
            case "p" -> constant("<" + constants.apply("{pid}j") + ">", quoted);
            default -> throw unknown(name);
        };
    }

    private static Part braced(String name, boolean quoted, Function<String, String> constants) {
        int close = name.indexOf('}');
        if (close < 2 || close != name.length() - 2) {
            throw unknown(name);
        }
        String inner = name.substring(1, close);
        String lowerCase = inner.toLowerCase(Locale.ROOT);
        return switch (name.charAt(close + 1)) {
            case 'i' -> Part.field(Atom.REQUEST_FIELD, lowerCase, quoted);
            case 'o' -> Part.field(Atom.RESPONSE_FIELD, lowerCase, quoted);
            case 'e' -> variable(inner, quoted, constants);
            case 'j' ->
                switch (lowerCase) {
                    case "end" -> Part.of(Atom.END, quoted);
                    case "slot", "generation" -> constant(constants.apply("{" + lowerCase + "}j"), quoted);
                    default -> throw unknown(name);
                };
            default -> throw unknown(name);
        };
    }

    /** What WSGI and CGI (RFC 3875 §4.1) say of a request, and otherwise a variable of the process's environment. */
    private static Part variable(String name, boolean quoted, Function<String, String> constants) {
        String upperCase = name.toUpperCase(Locale.ROOT);
        if (upperCase.startsWith("HTTP_")) {
            return Part.field(Atom.REQUEST_FIELD, header(upperCase.substring("HTTP_".length())), quoted);
        }
        return switch (upperCase) {
            case "CONTENT_TYPE", "CONTENT_LENGTH" -> Part.field(Atom.REQUEST_FIELD, header(upperCase), quoted);
            case "REMOTE_ADDR" -> Part.of(Atom.CLIENT, quoted);
            case "REMOTE_USER" -> Part.of(Atom.USER, quoted);
            case "REQUEST_METHOD" -> Part.of(Atom.METHOD, quoted);
            case "RAW_URI", "REQUEST_URI" -> Part.of(Atom.TARGET, quoted);
            case "PATH_INFO" -> Part.of(Atom.PATH, quoted);
            case "QUERY_STRING" -> Part.of(Atom.QUERY, quoted);
            case "SERVER_PROTOCOL" -> Part.of(Atom.VERSION, quoted);
            default -> constant(constants.apply(name), quoted);
        };
    }

    private static String header(String variable) {
        return variable.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Part constant(String value, boolean quoted) {
        Slice slice = new Slice();
        slice.set(value.isEmpty() ? "-" : value);
        LineBuffer out = new LineBuffer(64).escaped(slice, quoted);
        return Part.literal(Arrays.copyOf(out.array(), out.length()));
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("has the unknown atom %(" + name + ")s. " + KNOWN);
    }

    /** Whether each line is a JSON object. */
    boolean json() {
        return text.equals(JSON);
    }

    /**
     * Returns the format ready for use.
     *
     * @param constants the value of {@code {pid}j}, {@code {slot}j}, {@code {generation}j}, and of variables by their name;
     *     empty if there is none
     */
    List<Part> parts(Function<String, String> constants) {
        List<Part> parts = new ArrayList<>();
        for (Piece piece : pieces) {
            if (piece.atom()) {
                parts.add(part(piece.text(), piece.quoted(), constants));
            } else if (!piece.text().isEmpty()) {
                parts.add(Part.literal(piece.text().getBytes(StandardCharsets.UTF_8)));
            }
        }
        return parts;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AccessFormat format && format.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** Returns the text that {@link #parse} has read. */
    @Override
    public String toString() {
        return text;
    }
}
