package io.jcorn.worker.http;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** The {@code Date} field of RFC 9110 §5.6.7, made once per second. */
final class HttpDate {

    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private static final class Made {
        private final long second;
        private final byte[] line;
        private final String text;

        Made(long second, byte[] line) {
            this.second = second;
            this.line = line;
            this.text = new String(line, 6, line.length - 8, StandardCharsets.US_ASCII);
        }
    }

    // Threads that race here make equal lines; the last one stays.
    private static volatile Made made = make(0);

    private HttpDate() {}

    /** Returns the whole field with its CR LF. Not to be written to. */
    static byte[] line() {
        return now().line;
    }

    /** Returns the field's value. */
    static String text() {
        return now().text;
    }

    private static Made now() {
        long second = System.currentTimeMillis() / 1000;
        Made last = made;
        if (last.second != second) {
            last = make(second);
            made = last;
        }
        return last;
    }

    private static Made make(long second) {
        return new Made(second, "Date: ".concat(format(second)).concat("\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /**
     * Returns the IMF-fixdate of a second since 1970. Not by a formatter of the JDK: that loads two hundred classes, calendars and
     * languages among them, while the first client of a worker waits.
     */
    static String format(long second) {
        LocalDateTime at = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(29).append(DAYS[at.getDayOfWeek().ordinal()]);
        two(text.append(", "), at.getDayOfMonth());
        text.append(' ').append(MONTHS[at.getMonthValue() - 1]).append(' ');
        two(text, at.getYear() / 100);
        two(text, at.getYear() % 100);
        two(text.append(' '), at.getHour());
        two(text.append(':'), at.getMinute());
        two(text.append(':'), at.getSecond());
        return text.append(" GMT").toString();
    }

    private static void two(StringBuilder text, int number) {
        text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
