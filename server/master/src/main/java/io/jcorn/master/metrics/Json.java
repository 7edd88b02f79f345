package io.jcorn.master.metrics;

/** Writes JSON (RFC 8259), two blanks per level, so that a terminal can show it as it is. */
final class Json {

    private static final String INDENT = "  ";

    private final StringBuilder out = new StringBuilder();
    private int depth;
    private boolean first = true;

    /** Opens an object that is the whole text or an element of an array. */
    Json object() {
        return next().open('{');
    }

    Json object(String name) {
        return name(name).open('{');
    }

    Json endObject() {
        return close('}');
    }

    Json array(String name) {
        return name(name).open('[');
    }

    Json endArray() {
        return close(']');
    }

    Json put(String name, String value) {
        name(name);
        quote(value);
        return this;
    }

    Json put(String name, long value) {
        name(name);
        out.append(value);
        return this;
    }

    Json put(String name, boolean value) {
        name(name);
        out.append(value);
        return this;
    }

    Json putNull(String name) {
        name(name);
        out.append("null");
        return this;
    }

    @Override
    public String toString() {
        return out.toString();
    }

    private Json open(char bracket) {
        out.append(bracket);
        depth++;
        first = true;
        return this;
    }

    private Json close(char bracket) {
        depth--;
        if (!first) {
            newLine();
        }
        out.append(bracket);
        first = false;
        return this;
    }

    private Json name(String name) {
        next();
        quote(name);
        out.append(": ");
        return this;
    }

    private Json next() {
        if (!first) {
            out.append(',');
        }
        if (depth > 0) {
            newLine();
        }
        first = false;
        return this;
    }

    private void newLine() {
        out.append('\n').append(INDENT.repeat(depth));
    }

    /** Half a surrogate pair has no UTF-8; as an escape it survives. */
    private void quote(String text) {
        out.append('"');
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f || lone(text, at)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static boolean lone(String text, int at) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(text.charAt(at - 1)));
    }
}
