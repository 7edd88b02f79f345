package io.jcorn.worker.files;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Dates of RFC 9110 §5.6.7: one form is written, three are read. */
final class Dates {

    private static final DateTimeFormatter WRITTEN = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static final List<DateTimeFormatter> READ = List.of(WRITTEN, ofRfc850(), ofAsctime());

    private Dates() {}

    private static DateTimeFormatter ofRfc850() {
        // Two digits of a year are at most 50 years in the future.
        return new DateTimeFormatterBuilder()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(
                        ChronoField.YEAR, 2, 2, LocalDate.now(ZoneOffset.UTC).minusYears(49))
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.ENGLISH)
                .withZone(ZoneOffset.UTC);
    }

    private static DateTimeFormatter ofAsctime() {
        return DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH)
                .withZone(ZoneOffset.UTC);
    }

    /** Writes seconds since 1970. */
    static String text(long seconds) {
        return WRITTEN.format(Instant.ofEpochSecond(seconds));
    }

    /** Reads seconds since 1970; null if it is no date. */
    static @Nullable Long seconds(String text) {
        for (DateTimeFormatter form : READ) {
            try {
                return ZonedDateTime.parse(text, form).toEpochSecond();
            } catch (DateTimeParseException e) {
                // Perhaps it has the next form.
            }
        }
        return null;
    }
}
