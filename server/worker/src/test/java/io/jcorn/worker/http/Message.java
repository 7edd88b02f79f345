package io.jcorn.worker.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * A request as somebody has understood it; whoever reads requests in these tests, by whatever way, makes these.
 *
 * @param line method, target, version, {@code keep} or {@code close}, perhaps {@code continue}
 * @param headers {@code Name: value}, in order
 * @param body a character for each byte
 * @param trailers by their names in lower case
 */
public record Message(String line, List<String> headers, StringBuilder body, TreeMap<String, List<String>> trailers) {

    static Message begin(String line) {
        return new Message(line, new ArrayList<>(), new StringBuilder(), new TreeMap<>());
    }

    void trailer(String field) {
        String[] parts = field.split(":", 2);
        trailers.computeIfAbsent(parts[0].toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                .add(parts[1].strip());
    }

    private String word(int index) {
        return line.split(" ", -1)[index];
    }

    public String method() {
        return word(0);
    }

    public String target() {
        return word(1);
    }

    public boolean http11() {
        return word(2).equals("1.1");
    }

    public boolean persistent() {
        return word(3).equals("keep");
    }

    /** Returns the request as bytes again, one character each, in the plainest form. */
    String serialised() {
        StringBuilder out = new StringBuilder(method() + " " + target() + " HTTP/" + word(2) + "\r\n");
        boolean chunked = false;
        for (String header : headers) {
            out.append(header).append("\r\n");
            chunked |= header.toLowerCase(Locale.ROOT).startsWith("transfer-encoding:");
        }
        out.append("\r\n");
        if (!chunked) {
            return out.append(body).toString();
        }
        if (body.length() > 0) {
            out.append(Integer.toHexString(body.length()))
                    .append("\r\n")
                    .append(body)
                    .append("\r\n");
        }
        out.append("0\r\n");
        trailers.forEach((name, values) -> values.forEach(
                value -> out.append(name).append(": ").append(value).append("\r\n")));
        return out.append("\r\n").toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Message message && toString().equals(message.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        return line + " " + headers + " =" + body + " +" + trailers;
    }
}
