package io.jcorn.wire;

import io.jcorn.wire.syslog.Syslog;
import io.jcorn.wire.syslog.Syslog.Origin;
import io.jcorn.wire.syslog.Syslog.Severity;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The server's own log, one for the master and one in each worker, in gunicorn's shape:
 *
 * <pre>[2026-11-21 19:00:00 +0000] [7312] [INFO] Starting jcorn 0.1.0</pre>
 *
 * <p>Each call is one {@code write(2)} to a descriptor in append mode, so whole lines of several processes share a file.
 * A text of several lines gets one head per line: what is not a line of ours is the application's own output.
 */
public final class Log {

    /**
     * Time zones and formats take long to load: whoever has nothing to say does without until {@link #prepare}. They are in a file of
     * the JDK, and when that cannot be read this class is broken for good.
     */
    private static final class Time {
        static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss Z", Locale.ROOT);
        static final Clock SYSTEM = Clock.system(ZoneId.systemDefault());
    }

    private static final String HEX = "0123456789abcdef";

    private final @Nullable Path file;
    private final long pid;
    private final @Nullable Clock clock;
    private volatile LogLevel threshold;
    private volatile OutputStream out;
    private volatile @Nullable Syslog syslog;

    private Log(@Nullable Path file, OutputStream out, LogLevel threshold, long pid, @Nullable Clock clock) {
        this.file = file;
        this.out = out;
        this.threshold = threshold;
        this.pid = pid;
        this.clock = clock;
    }

    /** A log on standard error. */
    public static Log toStandardError(LogLevel threshold) {
        return new Log(null, new FileOutputStream(FileDescriptor.err), threshold, ProcessId.own(), null);
    }

    /**
     * A log that appends to a file.
     *
     * @throws IOException if the file cannot be opened for appending
     */
    public static Log toFile(Path file, LogLevel threshold) throws IOException {
        return new Log(file, append(file), threshold, ProcessId.own(), null);
    }

    /** A worker's log: the file if one is named and can be opened, else standard error. */
    public static Log of(Optional<Path> file, LogLevel threshold) {
        Log standardError = toStandardError(threshold);
        if (file.isEmpty()) {
            return standardError;
        }
        try {
            return toFile(file.get(), threshold);
        } catch (IOException e) {
            standardError.error("The error log " + file.get() + " cannot be opened: " + e.getMessage());
            return standardError;
        }
    }

    /** A log for tests: any stream, any process id, any clock. */
    public static Log to(OutputStream out, LogLevel threshold, long pid, Clock clock) {
        return new Log(null, out, threshold, pid, clock);
    }

    /**
     * Opens the file again by its name, after a rotation has moved it away. Nothing happens for standard error.
     *
     * @throws IOException if it cannot be opened; the log then goes on into the old file
     */
    public synchronized void reopen() throws IOException {
        if (file == null) {
            return;
        }
        OutputStream old = out;
        out = append(file);
        old.close();
    }

    /**
     * Loads what the first line needs. A process that has been silent may have to say that it has run out of descriptors, and
     * has none left to load anything with. From any thread.
     */
    public void prepare() {
        stamp();
    }

    /** Sends every line from now on to a syslog daemon too. */
    public void also(Syslog syslog) {
        this.syslog = syslog;
    }

    /** Sets the lowest level that is written. */
    public void threshold(LogLevel threshold) {
        this.threshold = threshold;
    }

    /** Returns whether lines of this level are written. */
    public boolean enabled(LogLevel level) {
        return level.compareTo(threshold) >= 0;
    }

    public void debug(String text) {
        write(LogLevel.DEBUG, text);
    }

    public void info(String text) {
        write(LogLevel.INFO, text);
    }

    public void warning(String text) {
        write(LogLevel.WARNING, text);
    }

    public void error(String text) {
        write(LogLevel.ERROR, text);
    }

    public void critical(String text) {
        write(LogLevel.CRITICAL, text);
    }

    /** Writes a text of one or more lines. A log that cannot be written to never stops the server, whatever it is that fails. */
    public void write(LogLevel level, String text) {
        if (!enabled(level)) {
            return;
        }
        Syslog syslog = this.syslog;
        if (syslog != null) {
            try {
                text.lines().forEach(line -> send(syslog, level, line));
            } catch (Throwable failed) {
                writeHere(LogLevel.ERROR, "A line could not be sent to the syslog daemon: " + failed);
            }
        }
        writeHere(level, text);
    }

    private static void send(Syslog syslog, LogLevel level, String line) {
        byte[] bytes = appendPrintable(new StringBuilder(), line).toString().getBytes(StandardCharsets.UTF_8);
        Severity severity = switch (level) {
            case DEBUG -> Severity.DEBUG;
            case INFO -> Severity.INFO;
            case WARNING -> Severity.WARNING;
            case ERROR -> Severity.ERROR;
            case CRITICAL -> Severity.CRITICAL;
        };
        syslog.offer(Origin.ERROR, severity, bytes, 0, bytes.length);
    }

    /** Writes a text of one or more lines, but not to a syslog daemon: perhaps it is about that. */
    public void writeHere(LogLevel level, String text) {
        if (!enabled(level)) {
            return;
        }
        try {
            String head = "[" + stamp() + "] [" + pid + "] [" + level + "] ";
            StringBuilder lines = new StringBuilder(head.length() + text.length() + 1);
            text.lines()
                    .forEach(line -> appendPrintable(lines.append(head), line).append('\n'));
            byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
            synchronized (this) {
                out.write(bytes);
                out.flush();
            }
        } catch (Throwable failed) {
            // A full disk or a closed terminal (EPIPE, EIO), no memory, no class: there is no better place to say so.
            // Who reports something goes on, be it an event loop or a control thread.
            return;
        }
    }

    private String stamp() {
        try {
            return Time.FORMAT.format(ZonedDateTime.now(clock == null ? Time.SYSTEM : clock));
        } catch (DateTimeException | LinkageError e) {
            return universal();
        }
    }

    /** The time without time zones. */
    private static String universal() {
        LocalDateTime now = LocalDateTime.ofEpochSecond(System.currentTimeMillis() / 1000, 0, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(25).append(now.getYear());
        text.append('-').append(twoDigits(now.getMonthValue()));
        text.append('-').append(twoDigits(now.getDayOfMonth()));
        text.append(' ').append(twoDigits(now.getHour()));
        text.append(':').append(twoDigits(now.getMinute()));
        text.append(':').append(twoDigits(now.getSecond()));
        return text.append(" +0000").toString();
    }

    private static String twoDigits(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }

    /** What comes from clients and applications may neither forge a line nor drive the reader's terminal. */
    /** What would move the cursor or turn the direction of a terminal is written as its number: a client may have sent it. */
    private static StringBuilder appendPrintable(StringBuilder out, String line) {
        for (int i = 0; i < line.length(); i++) {
            char each = line.charAt(i);
            if (each == '\t' || !unseen(each)) {
                out.append(each);
            } else if (each <= 0xff) {
                out.append("\\x");
                appendHex(out, each, 2);
            } else {
                out.append("\\u");
                appendHex(out, each, 4);
            }
        }
        return out;
    }

    private static boolean unseen(char each) {
        return switch (Character.getType(each)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    private static void appendHex(StringBuilder out, char each, int digits) {
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            out.append(HEX.charAt(each >> shift & 15));
        }
    }

    @SuppressWarnings("try") // The reader only has to be open.
    private static OutputStream append(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
            // To open a FIFO for writing waits for its reader, without a word: fifo(7). We are one for that moment.
            // Without any other the lines are lost (EPIPE), and a reader that comes later gets those from then on.
            try (RandomAccessFile reader = new RandomAccessFile(file.toFile(), "rw")) {
                return Files.newOutputStream(file, StandardOpenOption.WRITE);
            }
        }
        return Files.newOutputStream(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }
}
