package io.jcorn.worker.http;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The test data of this folder: see the head of heads.txt for its form. */
final class Corpus {

    private static final Pattern RUN = Pattern.compile("\\{(\\d+)}");

    private Corpus() {}

    /** One case. */
    record Case(String expected, String shows, String text) {
        byte[] bytes() {
            return unescape(text);
        }

        @Override
        public String toString() {
            return expected + ": " + shows;
        }
    }

    static Stream<Case> read(String name) {
        List<Case> cases = new ArrayList<>();
        for (String block : text(name).split("\n--- ", -1)) {
            int end = block.indexOf('\n');
            if (block.stripLeading().startsWith("#") || end < 0) {
                continue;
            }
            String[] title = block.substring(0, end).split(": ", 2);
            String body = block.substring(end).replaceAll("\n", "");
            cases.add(new Case(title[0], title[1], body));
        }
        return cases.stream();
    }

    /** Every way to cut bytes in two, whole, and one at a time. */
    static Stream<List<byte[]>> cuts(byte[] bytes) {
        List<List<byte[]>> cuts = new ArrayList<>();
        cuts.add(List.of(bytes));
        List<byte[]> single = new ArrayList<>();
        for (int i = 0; i < bytes.length; i++) {
            single.add(new byte[] {bytes[i]});
            cuts.add(List.of(Arrays.copyOfRange(bytes, 0, i), Arrays.copyOfRange(bytes, i, bytes.length)));
        }
        cuts.add(single);
        return cuts.stream();
    }

    private static String text(String name) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Corpus.class.getResourceAsStream(name)), StandardCharsets.UTF_8))) {
            return "\n" + String.join("\n", in.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] unescape(String text) {
        Matcher runs = RUN.matcher(text);
        String expanded = runs.replaceAll(run -> "a".repeat(Integer.parseInt(run.group(1))));
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
}
