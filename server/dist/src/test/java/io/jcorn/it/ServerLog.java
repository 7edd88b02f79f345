package io.jcorn.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The log of a running server as a sequence of lines. Its lines are API: tests wait for them. */
public final class ServerLog {

    /** {@code [2026-11-21 19:00:00 +0000] [7312] [INFO] text}. */
    private static final Pattern LINE =
            Pattern.compile("\\[[-0-9]{10} [:0-9]{8} [-+][0-9]{4}] \\[[0-9]+] \\[([A-Z]+)] (.*)");

    private final Path file;
    private int mark;

    ServerLog(Path file) {
        this.file = file;
    }

    /** Returns all whole lines so far. */
    public List<String> lines() {
        String text = text();
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    /** Returns the lines since the last mark. */
    public List<String> news() {
        List<String> lines = lines();
        return lines.subList(Math.min(mark, lines.size()), lines.size());
    }

    /** Forgets what was logged so far: {@link #await} looks only at what comes from now on. */
    public void mark() {
        mark = lines().size();
    }

    /** Returns the matches of a pattern within the lines since the mark, at most one in each. */
    public List<MatchResult> found(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return news().stream()
                .map(compiled::matcher)
                .filter(Matcher::find)
                .map(Matcher::toMatchResult)
                .toList();
    }

    /**
     * Waits until a pattern was found so many times since the mark, and returns the last of these.
     *
     * @param stillPossible whether lines may yet come: false ends the wait at once
     */
    MatchResult await(String pattern, int times, BooleanSupplier stillPossible) {
        Optional<MatchResult> match = Await.within(Await.DEADLINE, () -> {
            boolean last = !stillPossible.getAsBoolean();
            List<MatchResult> found = found(pattern);
            if (found.size() >= times) {
                return Optional.of(found.get(times - 1));
            }
            if (last) {
                throw new AssertionError("the program ended and never logged: " + pattern);
            }
            return Optional.empty();
        });
        return match.orElseThrow(() -> new AssertionError("not logged " + times + " times: " + pattern + ", only "
                + found(pattern).size()));
    }

    /** Returns the lines of level ERROR or CRITICAL, and those that are no lines of ours, that no pattern tolerates. */
    List<String> unexpected(List<Pattern> tolerated) {
        return lines().stream()
                .filter(ServerLog::bad)
                .filter(line -> tolerated.stream()
                        .noneMatch(pattern -> pattern.matcher(line).find()))
                .toList();
    }

    private static boolean bad(String line) {
        Matcher matcher = LINE.matcher(line);
        return !matcher.matches()
                || matcher.group(1).equals("ERROR")
                || matcher.group(1).equals("CRITICAL");
    }

    @Override
    public String toString() {
        return text();
    }

    private String text() {
        try {
            return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
