package io.jcorn.worker.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jcorn.worker.http.RequestRules.HeaderMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The requests of the folder {@code requests} with what becomes of them: its README describes their form. */
public final class Corpus {

    private Corpus() {}

    /** What the connection does after the last response. */
    public enum End {
        OPEN,
        CLOSED,
        REFUSED
    }

    /**
     * One case.
     *
     * @param name folder and number
     * @param shows what it shows
     * @param bytes what the client sends
     * @param settings what the server is told
     * @param halfCloses whether the client closes its sending side afterwards
     * @param messages what the application sees
     * @param end what the connection does afterwards
     * @param status what the refused request is answered with; 0 if none is refused
     * @param reason a part of what the refusal says
     */
    public record Case(
            String name,
            String shows,
            String bytes,
            Map<String, String> settings,
            boolean halfCloses,
            List<Message> messages,
            End end,
            int status,
            String reason) {

        /** The bytes, a copy for each who asks. */
        public byte[] copy() {
            return Escapes.bytes(bytes);
        }

        public boolean peerTrusted() {
            return settings.containsKey("trusted");
        }

        public Limits limits() {
            return new Limits(
                    number("limit-request-line", 4094),
                    number("limit-request-fields", 100),
                    number("limit-request-field-size", 8190),
                    number("limit-request-head", 0),
                    number("limit-request-body", 0));
        }

        private int number(String setting, int otherwise) {
            return Integer.parseInt(settings.getOrDefault(setting, Integer.toString(otherwise)));
        }

        public RequestRules rules() {
            return new RequestRules(
                    settings.containsKey("permit-obsolete-folding"),
                    settings.containsKey("permit-unconventional-http-method"),
                    settings.containsKey("permit-unconventional-http-version"),
                    settings.containsKey("casefold-http-method"),
                    HeaderMap.valueOf(settings.getOrDefault("header-map", "DROP")),
                    List.of(settings.getOrDefault("forwarder-headers", "SCRIPT_NAME,PATH_INFO")
                            .split(",")));
        }

        @Override
        public String toString() {
            return name + " " + shows;
        }
    }

    /** Reads all cases. */
    public static Stream<Case> cases() {
        return Stream.concat(cases("valid"), cases("invalid"));
    }

    private static Stream<Case> cases(String folder) {
        List<Case> cases = new ArrayList<>();
        try (Stream<Path> files = Files.list(root().resolve(folder))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".http")).sorted().toList()) {
                cases.add(read(folder, file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases.stream();
    }

    private static Path root() {
        try {
            return Path.of(
                    Objects.requireNonNull(Corpus.class.getResource("requests")).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Case read(String folder, Path file) throws IOException {
        String number = file.getFileName().toString().replace(".http", "");
        List<String> lines = Files.readAllLines(file, UTF_8);
        StringBuilder bytes = new StringBuilder();
        lines.stream().filter(line -> !line.startsWith("#")).forEach(bytes::append);
        Expectation expected = new Expectation(folder + "/" + number);
        Files.readAllLines(file.resolveSibling(number + ".expect"), UTF_8).forEach(expected::line);
        String shows = lines.get(0).replaceFirst("^# *", "");
        return expected.of(shows, bytes.toString());
    }

    /** An expectation as it is read. */
    private static final class Expectation {
        private final String name;
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final List<Message> messages = new ArrayList<>();
        private boolean halfCloses;
        private End end = End.OPEN;
        private boolean ended;
        private int status;
        private String reason = "";

        Expectation(String name) {
            this.name = name;
        }

        void line(String line) {
            if (line.startsWith("#") || line.isBlank()) {
                return;
            }
            if (ended) {
                throw new IllegalArgumentException(name + ": nothing follows the end: " + line);
            }
            String[] words = line.split(" ", 3);
            switch (words[0]) {
                case "set" -> settings.put(words[1], words[2]);
                case "half-close" -> halfCloses = true;
                case "" -> detail(line.strip());
                case "open", "closed" -> end(End.valueOf(words[0].toUpperCase(java.util.Locale.ROOT)));
                case "refused" -> {
                    end(End.REFUSED);
                    status = Integer.parseInt(words[1]);
                    reason = words[2];
                }
                default -> messages.add(Message.begin(Escapes.text(line)));
            }
        }

        private void end(End end) {
            this.end = end;
            this.ended = true;
        }

        private void detail(String line) {
            Message message = messages.get(messages.size() - 1);
            switch (line.charAt(0)) {
                case '=' -> message.body().append(Escapes.text(line.substring(1).stripLeading()));
                case '+' -> message.trailer(Escapes.text(line.substring(1).strip()));
                default -> message.headers().add(Escapes.text(line));
            }
        }

        Case of(String shows, String bytes) {
            if (!ended) {
                throw new IllegalArgumentException(name + ": does not say how it ends");
            }
            return new Case(name, shows, bytes, settings, halfCloses, messages, end, status, reason);
        }
    }

    /**
     * Every way to cut bytes in two, whole, and one at a time. Of bytes that are many, not every way is taken: most of them are
     * all alike. No piece is shared between ways.
     */
    public static Stream<List<byte[]>> cuts(byte[] bytes) {
        List<List<byte[]>> cuts = new ArrayList<>();
        cuts.add(List.of(bytes.clone()));
        for (int i = 1; i < bytes.length; i += i < 400 || i > bytes.length - 400 ? 1 : 199) {
            cuts.add(List.of(Arrays.copyOfRange(bytes, 0, i), Arrays.copyOfRange(bytes, i, bytes.length)));
        }
        cuts.add(single(bytes));
        return cuts.stream();
    }

    /** Returns bytes as pieces of one byte each. */
    public static List<byte[]> single(byte[] bytes) {
        List<byte[]> single = new ArrayList<>();
        for (byte octet : bytes) {
            single.add(new byte[] {octet});
        }
        return single;
    }
}
