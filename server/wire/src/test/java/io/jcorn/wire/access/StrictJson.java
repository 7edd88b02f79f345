package io.jcorn.wire.access;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Just enough of RFC 8259 for an object of texts, whole numbers and null. */
final class StrictJson {

    private static final Pattern MEMBER = Pattern.compile(
            "\"[a-z_]+\":(?:null|0|[1-9][0-9]*|\"(?:[^\\x00-\\x1f\"\\\\]|\\\\[\"\\\\]|\\\\u[0-9A-F]{4})*\")(,|}$)");

    private StrictJson() {}

    /** Returns how many members an object has that is all of a text; throws if it is none. */
    static int members(String text) {
        if (!text.startsWith("{")) {
            throw new AssertionError("no object: " + text);
        }
        Matcher matcher = MEMBER.matcher(text);
        int at = 1;
        int members = 0;
        while (at < text.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw new AssertionError("no member at " + at + " of " + text);
            }
            at = matcher.end();
            members++;
        }
        return members;
    }
}
