package io.jcorn.worker.files;

import java.util.List;

/** Lists of entity tags: RFC 9110 §8.8.3 and §13.1.1. */
final class EntityTags {

    private EntityTags() {}

    /**
     * Whether a list has a tag in it, or is {@code *}. What cannot be read is not in it.
     *
     * @param lines the lines of the header
     * @param tag a strong one, with its quotation marks
     * @param weakly whether a weak tag of the same text counts
     */
    static boolean contain(List<String> lines, String tag, boolean weakly) {
        for (String line : lines) {
            if (line.strip().equals("*") || containsOne(line, tag, weakly)) {
                return true;
            }
        }
        return false;
    }

    private static boolean containsOne(String line, String tag, boolean weakly) {
        int at = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c == ',' || c == ' ' || c == '\t') {
                at++;
                continue;
            }
            boolean weak = line.startsWith("W/", at);
            int open = weak ? at + 2 : at;
            int close = line.startsWith("\"", open) ? line.indexOf('"', open + 1) : -1;
            if (close < 0) {
                return false;
            }
            if ((weakly || !weak)
                    && line.regionMatches(open, tag, 0, tag.length())
                    && close - open + 1 == tag.length()) {
                return true;
            }
            at = close + 1;
        }
        return false;
    }
}
