package io.jcorn.master.settings;

import java.util.List;
import java.util.stream.Collectors;

/** Writes values as a configuration file has them. */
public final class Hocon {

    private Hocon() {}

    /** Returns a value of a setting of this type, as it stands right of the equals sign. */
    public static String value(SettingType<?> type, List<String> texts) {
        return type.repeatable()
                ? texts.stream().map(Hocon::text).collect(Collectors.joining(", ", "[", "]"))
                : text(texts.get(0));
    }

    /** Bare where the HOCON specification lets it be read back as it stands, else as a JSON string. */
    static String text(String text) {
        if (text.matches("[A-Za-z][A-Za-z0-9_-]*|[0-9]+[a-z]*") && !text.equals("null")) {
            return text;
        }
        StringBuilder quoted = new StringBuilder("\"");
        text.chars().forEach(c -> {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append((char) c);
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                case '\r' -> quoted.append("\\r");
                default -> quoted.append(c < ' ' ? "\\u00" + (c < 16 ? "0" : "") + Integer.toHexString(c) : (char) c);
            }
        });
        return quoted.append('"').toString();
    }
}
