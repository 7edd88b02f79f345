package io.jcorn.worker.http;

import java.io.ByteArrayOutputStream;
import java.util.regex.Pattern;

/** How the test data writes bytes that an editor would not keep: see the README beside the data. */
public final class Escapes {

    private static final Pattern RUN = Pattern.compile("\\{(\\d+)(?:\\*([^}]*))?}");

    private Escapes() {}

    /** Returns the bytes that a text stands for. */
    public static byte[] bytes(String text) {
        String expanded = RUN.matcher(text).replaceAll(run -> {
            String what = run.group(2) == null ? "a" : run.group(2);
            return java.util.regex.Matcher.quoteReplacement(what.repeat(Integer.parseInt(run.group(1))));
        });
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < expanded.length(); i++) {
            char c = expanded.charAt(i);
            if (c != '\\') {
                out.write(c);
                continue;
            }
            c = expanded.charAt(++i);
            switch (c) {
                case 'r' -> out.write('\r');
                case 'n' -> out.write('\n');
                case 't' -> out.write('\t');
                case '0' -> out.write(0);
                case 'x' -> {
                    out.write(Integer.parseInt(expanded.substring(i + 1, i + 3), 16));
                    i += 2;
                }
                default -> out.write(c);
            }
        }
        return out.toByteArray();
    }

    /** Returns the characters, one for each byte, that a text stands for. */
    public static String text(String text) {
        return new String(bytes(text), java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
