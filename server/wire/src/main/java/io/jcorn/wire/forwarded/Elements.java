package io.jcorn.wire.forwarded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes lists in headers apart, from their end: what the nearest proxy added stands last, and must be found whatever those before
 * it wrote. Read from the front, a quotation mark that a client leaves open would swallow the proxy's own words.
 */
final class Elements {

    private Elements() {}

    /**
     * Returns the elements of all lines, the last one first, without the blanks around them and without empty ones (RFC 9110
     * §5.6.1.2). What cannot be taken apart is one element as it stands.
     *
     * @param quotes whether a comma within quotation marks separates nothing
     */
    static List<String> fromEnd(List<String> lines, boolean quotes) {
        List<String> elements = new ArrayList<>();
        for (int i = lines.size() - 1; i >= 0; i--) {
            split(lines.get(i), ',', quotes, elements);
        }
        return elements;
    }

    private static void split(String line, char separator, boolean quotes, List<String> into) {
        int end = line.length();
        boolean quoted = false;
        for (int i = end - 1; i >= 0; i--) {
            char c = line.charAt(i);
            if (quotes && c == '"' && !(quoted && escaped(line, i))) {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                add(line.substring(i + 1, end), into);
                end = i;
            }
        }
        add(line.substring(0, end), into);
    }

    private static boolean escaped(String line, int quote) {
        int first = quote;
        while (first > 0 && line.charAt(first - 1) == '\\') {
            first--;
        }
        return (quote - first) % 2 == 1;
    }

    private static void add(String element, List<String> into) {
        String bare = strip(element);
        if (!bare.isEmpty()) {
            into.add(bare);
        }
    }

    /** Only these two are blanks of HTTP: RFC 9110 §5.6.3. */
    private static String strip(String text) {
        int from = 0;
        int end = text.length();
        while (from < end && blank(text.charAt(from))) {
            from++;
        }
        while (end > from && blank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(from, end);
    }

    private static boolean blank(char c) {
        return c == ' ' || c == '\t';
    }

    /**
     * Reads one {@code forwarded-element} of RFC 7239 §4.
     *
     * @return its parameters, names in lower case; null if it is none, or names a parameter twice
     */
    static @Nullable Map<String, String> parameters(String element) {
        List<String> pairs = new ArrayList<>();
        split(element, ';', true, pairs);
        Map<String, String> parameters = new HashMap<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            String value = equals < 1 ? null : value(pair.substring(equals + 1));
            if (value == null || !token(pair.substring(0, equals))) {
                return null;
            }
            String name = pair.substring(0, equals).toLowerCase(Locale.ROOT);
            if (parameters.put(name, value) != null) {
                return null;
            }
        }
        return parameters;
    }

    /** A token, or what a quoted string holds. Colons and brackets have to be quoted, and often are not: they are harmless here. */
    private static @Nullable String value(String text) {
        if (!text.startsWith("\"")) {
            return !text.isEmpty() && text.chars().allMatch(c -> tchar(c) || c == ':' || c == '[' || c == ']')
                    ? text
                    : null;
        }
        StringBuilder out = new StringBuilder();
        int last = text.length() - 1;
        for (int i = 1; i < last; i++) {
            char c = text.charAt(i);
            if (c == '"') {
                return null;
            }
            if (c == '\\' && ++i == last) {
                return null;
            }
            out.append(text.charAt(i));
        }
        return last > 0 && text.charAt(last) == '"' ? out.toString() : null;
    }

    private static boolean token(String text) {
        return text.chars().allMatch(Elements::tchar);
    }

    /** RFC 9110 §5.6.2. */
    private static boolean tchar(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
}
