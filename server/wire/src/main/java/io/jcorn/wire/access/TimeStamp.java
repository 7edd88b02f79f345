package io.jcorn.wire.access;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * The time of a line, made anew once per second: the Common Log Format's {@code 26/Nov/2026:20:54:33 +0000} in local time, and
 * RFC 3339's {@code 2026-11-26T20:54:33} in UTC. Without formatters of the JDK, whose first use costs tens of milliseconds.
 * Not thread-safe.
 */
final class TimeStamp {

    private static final byte[] MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec".getBytes(StandardCharsets.US_ASCII);

    private final ZoneId zone;
    private final LineBuffer common = new LineBuffer(32);
    private final LineBuffer iso = new LineBuffer(32);
    private long second = Long.MIN_VALUE;

    TimeStamp(ZoneId zone) {
        this.zone = zone;
    }

    /** Appends the time in brackets. */
    void common(LineBuffer out, long millis) {
        at(millis);
        out.put('[').put(common.array(), 0, common.length()).put(']');
    }

    /** Appends the time in UTC with milliseconds, in quotes. */
    void iso(LineBuffer out, long millis) {
        at(millis);
        out.put('"').put(iso.array(), 0, iso.length()).put('.');
        out.digits(Math.floorMod(millis, 1000), 3).put('Z').put('"');
    }

    private void at(long millis) {
        long wanted = Math.floorDiv(millis, 1000);
        if (wanted == second) {
            return;
        }
        second = wanted;
        ZoneOffset offset = zone.getRules().getOffset(Instant.ofEpochSecond(wanted));
        LocalDateTime local = LocalDateTime.ofEpochSecond(wanted, 0, offset);
        int month = 3 * (local.getMonthValue() - 1);
        common.clear(32);
        common.digits(local.getDayOfMonth(), 2).put('/').put(MONTHS, month, month + 3);
        common.put('/').digits(local.getYear(), 4).put(':');
        clock(common, local);
        int minutes = Math.abs(offset.getTotalSeconds()) / 60;
        common.put(' ').put(offset.getTotalSeconds() < 0 ? '-' : '+');
        common.digits(minutes / 60, 2).digits(minutes % 60, 2);
        LocalDateTime utc = LocalDateTime.ofEpochSecond(wanted, 0, ZoneOffset.UTC);
        iso.clear(32);
        iso.digits(utc.getYear(), 4).put('-').digits(utc.getMonthValue(), 2).put('-');
        iso.digits(utc.getDayOfMonth(), 2).put('T');
        clock(iso, utc);
    }

    private static void clock(LineBuffer out, LocalDateTime time) {
        out.digits(time.getHour(), 2)
                .put(':')
                .digits(time.getMinute(), 2)
                .put(':')
                .digits(time.getSecond(), 2);
    }
}
