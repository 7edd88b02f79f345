package io.jcorn.worker.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The {@code Date} field of RFC 9110 §5.6.7, made once per second. */
final class HttpDate {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "'Date: 'EEE, dd MMM yyyy HH:mm:ss 'GMT\r\n'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

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
        return new Made(second, FORMAT.format(Instant.ofEpochSecond(second)).getBytes(StandardCharsets.US_ASCII));
    }
}
