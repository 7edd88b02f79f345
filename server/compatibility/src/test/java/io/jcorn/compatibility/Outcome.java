package io.jcorn.compatibility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What one life came to: names and values, kept as JSON, each value a text. */
final class Outcome {

    private static final Pattern ENTRY = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\": \"((?:[^\"\\\\]|\\\\.)*)\"");

    private final Map<String, String> values = new LinkedHashMap<>();

    Outcome(ServerRow row, int java) {
        values.put("server", row.server());
        values.put("version", row.version());
        values.put("java", Integer.toString(java));
    }

    private Outcome() {}

    void put(String name, Object value) {
        values.put(name, String.valueOf(value));
    }

    String get(String name) {
        return values.getOrDefault(name, "");
    }

    int number(String name) {
        return Integer.parseInt(values.getOrDefault(name, "0"));
    }

    void write(Path file) throws IOException {
        StringBuilder json = new StringBuilder("{\n");
        values.forEach((name, value) -> json.append(json.length() > 2 ? ",\n" : "")
                .append("  \"")
                .append(name)
                .append("\": \"")
                .append(escaped(value))
                .append('"'));
        Files.writeString(file, json.append("\n}\n"));
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\s+", " ");
    }

    static Outcome read(Path file) throws IOException {
        Outcome outcome = new Outcome();
        Matcher entries = ENTRY.matcher(Files.readString(file));
        while (entries.find()) {
            outcome.values.put(entries.group(1), entries.group(2).replaceAll("\\\\(.)", "$1"));
        }
        return outcome;
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
