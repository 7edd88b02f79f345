package io.jcorn.worker.files;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Parts of a file that a client asks for: RFC 9110 §14. */
final class Ranges {

    /** Who asks for more parts than this gets the whole: many small ranges are an attack (§17.15). */
    private static final int MOST = 16;

    private static final String UNIT = "bytes=";

    /** As many digits as a long always has room for; a larger number lies behind the end of any file. */
    private static final int DIGITS = 18;

    private Ranges() {}

    /**
     * A part of a file.
     *
     * @param first the first byte, from 0
     * @param length at least 1
     */
    record Part(long first, long length) {

        /** Returns the {@code Content-Range} of this part. */
        String of(long size) {
            return "bytes " + first + "-" + (first + length - 1) + "/" + size;
        }
    }

    /**
     * Reads a {@code Range}.
     *
     * @return null: to be ignored, the whole file is sent; no part: none of what was asked for exists, which is 416
     */
    static @Nullable List<Part> parse(String text, long size) {
        if (!text.toLowerCase(Locale.ROOT).startsWith(UNIT)) {
            return null;
        }
        String[] specs = text.substring(UNIT.length()).split(",", -1);
        List<Part> parts = new ArrayList<>();
        long total = 0;
        int count = 0;
        for (String spec : specs) {
            String bare = spec.strip();
            if (bare.isEmpty()) {
                continue;
            }
            count++;
            if (count > MOST || !bare.matches("[0-9]+-[0-9]*|-[0-9]+")) {
                return null;
            }
            int dash = bare.indexOf('-');
            if (dash > 0 && reversed(bare, dash)) {
                return null;
            }
            Part part = dash == 0 ? last(number(bare.substring(1)), size) : from(bare, dash, size);
            if (part != null) {
                parts.add(part);
                total += part.length();
            }
        }
        // Parts that overlap so much that they are more than the whole serve nobody but an attacker.
        return count == 0 || total > size ? null : parts;
    }

    private static boolean reversed(String spec, int dash) {
        return dash < spec.length() - 1 && number(spec.substring(dash + 1)) < number(spec.substring(0, dash));
    }

    private static @Nullable Part last(long length, long size) {
        long some = Math.min(length, size);
        return some == 0 ? null : new Part(size - some, some);
    }

    private static @Nullable Part from(String spec, int dash, long size) {
        long first = number(spec.substring(0, dash));
        long last = dash == spec.length() - 1 ? Long.MAX_VALUE : number(spec.substring(dash + 1));
        return first >= size ? null : new Part(first, Math.min(last, size - 1) - first + 1);
    }

    private static long number(String digits) {
        String significant = digits.replaceFirst("^0+(?=.)", "");
        return significant.length() > DIGITS ? Long.MAX_VALUE : Long.parseLong(significant);
    }
}
