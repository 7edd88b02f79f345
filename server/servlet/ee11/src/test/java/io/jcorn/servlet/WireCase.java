package io.jcorn.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One case of the corpus of requests, which the handlers' engine is tested with too: the README beside the cases describes their form.
 *
 * @param name folder and number
 * @param shows what it shows
 * @param bytes what the client sends, a character for each byte
 * @param settings what the server is told
 * @param halfCloses whether the client closes its sending side afterwards
 * @param messages what the application sees
 * @param end {@code open}, {@code closed} or {@code refused}
 * @param status what the refused request is answered with; 0 if none is refused
 */
record WireCase(
        String name,
        String shows,
        String bytes,
        Map<String, String> settings,
        boolean halfCloses,
        List<Message> messages,
        String end,
        int status) {

    private static final Pattern RUN = Pattern.compile("\\{(\\d+)(?:\\*([^}]*))?}");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(x..|.)");

    /** A request as the application sees it. */
    record Message(
            String method,
            String target,
            String version,
            boolean persistent,
            TreeMap<String, List<String>> headers,
            StringBuilder body,
            TreeMap<String, String> trailers) {

        /** Of an absolute target a servlet sees the path. */
        private String path() {
            String path = target.replaceFirst("(?i)^https?://[^/?]*", "");
            return path.startsWith("/") || target.equals("*") ? path : "/" + path;
        }

        @Override
        public String toString() {
            return method + " " + path() + " " + version + " " + headers + " =" + body + " +" + trailers;
        }
    }

    static Stream<WireCase> all() {
        try {
            Path root = Path.of(Objects.requireNonNull(WireCase.class.getResource("/io/jcorn/worker/http/requests"))
                    .toURI());
            List<WireCase> cases = new ArrayList<>();
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(f -> f.toString().endsWith(".http"))
                        .sorted()
                        .toList()) {
                    cases.add(read(file));
                }
            }
            return cases.stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static WireCase read(Path file) throws IOException {
        String number = file.getFileName().toString().replace(".http", "");
        List<String> lines = Files.readAllLines(file, UTF_8);
        StringBuilder bytes = new StringBuilder();
        lines.stream().filter(line -> !line.startsWith("#")).forEach(bytes::append);
        Map<String, String> settings = new LinkedHashMap<>();
        List<Message> messages = new ArrayList<>();
        boolean halfCloses = false;
        String end = "";
        int status = 0;
        for (String line : Files.readAllLines(file.resolveSibling(number + ".expect"), UTF_8)) {
            String[] words = line.split(" ", 3);
            if (line.startsWith("#") || line.isBlank()) {
                continue;
            }
            switch (words[0]) {
                case "set" -> settings.put(words[1], words[2]);
                case "half-close" -> halfCloses = true;
                case "" -> detail(messages.get(messages.size() - 1), line.strip());
                case "open", "closed" -> end = words[0];
                case "refused" -> {
                    end = words[0];
                    status = Integer.parseInt(words[1]);
                }
                default -> messages.add(message(text(line)));
            }
        }
        String name = Objects.requireNonNull(file.getParent()).getFileName() + "/" + number;
        String shows = lines.get(0).replaceFirst("^# *", "");
        return new WireCase(name, shows, text(bytes.toString()), settings, halfCloses, messages, end, status);
    }

    private static Message message(String line) {
        String[] words = line.split(" ", -1);
        return new Message(
                words[0],
                words[1],
                words[2],
                words[3].equals("keep"),
                new TreeMap<>(),
                new StringBuilder(),
                new TreeMap<>());
    }

    private static void detail(Message message, String line) {
        switch (line.charAt(0)) {
            case '=' -> message.body().append(text(line.substring(1).stripLeading()));
            case '+' -> {
                String[] field = text(line.substring(1).strip()).split(":", 2);
                message.trailers()
                        .merge(field[0].toLowerCase(Locale.ROOT), field[1].strip(), (one, two) -> one + "," + two);
            }
            default -> {
                String[] field = text(line).split(":", 2);
                String name = field[0].toLowerCase(Locale.ROOT);
                boolean coding = name.equals("connection") || name.equals("transfer-encoding");
                message.headers()
                        .computeIfAbsent(name, key -> new ArrayList<>())
                        // Jetty has these as it knows them, and case means nothing in them.
                        .add(coding ? field[1].strip().toLowerCase(Locale.ROOT) : field[1].strip());
            }
        }
    }

    /** Returns the characters, one for each byte, that a text of the corpus stands for. */
    private static String text(String written) {
        String expanded = RUN.matcher(written)
                .replaceAll(run -> Matcher.quoteReplacement(
                        (run.group(2) == null ? "a" : run.group(2)).repeat(Integer.parseInt(run.group(1)))));
        return ESCAPE.matcher(expanded).replaceAll(escape -> Matcher.quoteReplacement(octet(escape.group(1))));
    }

    private static String octet(String escape) {
        return switch (escape.charAt(0)) {
            case 'r' -> "\r";
            case 'n' -> "\n";
            case 't' -> "\t";
            case '0' -> "\0";
            case 'x' -> String.valueOf((char) Integer.parseInt(escape.substring(1), 16));
            default -> escape;
        };
    }

    byte[] copy() {
        return bytes.getBytes(ISO_8859_1);
    }

    int number(String setting, int otherwise) {
        return Integer.parseInt(settings.getOrDefault(setting, Integer.toString(otherwise)));
    }

    @Override
    public String toString() {
        return name + " " + shows;
    }
}
