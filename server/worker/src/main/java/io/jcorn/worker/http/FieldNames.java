package io.jcorn.worker.http;

import org.jspecify.annotations.Nullable;

/**
 * The form in which {@link com.sun.net.httpserver.Headers} keeps names: the first letter in upper case, the others in lower case.
 *
 * <p>The names that an application uses are few, and literals mostly. What became of them is remembered in a small table, which
 * spares a copy per field and response.
 */
public final class FieldNames {

    /**
     * What is known of a name.
     *
     * @param given as the application says it
     * @param normal in its normal form
     * @param inLine whether it is not empty and {@link FieldNames#inLine}
     */
    record Known(String given, String normal, boolean inLine) {}

    /** A power of two. */
    private static final int SIZE = 64;

    /** Longer ones are not remembered: nobody who makes up names may fill the heap with them. */
    private static final int LONGEST = 64;

    /** Written by any thread without a lock: whoever sees an old entry, or none, only works it out again. */
    private static final @Nullable Known[] KNOWN = new Known[SIZE];

    private FieldNames() {}

    /** Returns the normal form of a name, whatever characters it has. */
    public static String normalize(String name) {
        return look(name).normal;
    }

    /** Returns what there is to know of a name. */
    static Known look(String name) {
        int at = place(name);
        Known known = KNOWN[at];
        if (known != null && known.given.equals(name)) {
            return known;
        }
        known = new Known(name, convert(name), !name.isEmpty() && inLine(name));
        if (name.length() <= LONGEST) {
            KNOWN[at] = known;
        }
        return known;
    }

    /** Whether a text has neither CR nor LF, and bytes only: every Java takes it as a name or a value. */
    static boolean inLine(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r' || c == '\n' || c > 0xff) {
                return false;
            }
        }
        return true;
    }

    private static int place(String name) {
        int hash = name.hashCode();
        return (hash ^ hash >>> 16 ^ hash >>> 8) & SIZE - 1;
    }

    private static String convert(String name) {
        char[] letters = name.toCharArray();
        for (int i = 0; i < letters.length; i++) {
            char c = letters[i];
            if (i == 0 && c >= 'a' && c <= 'z') {
                letters[i] = (char) (c - 32);
            } else if (i > 0 && c >= 'A' && c <= 'Z') {
                letters[i] = (char) (c + 32);
            }
        }
        return new String(letters);
    }
}
