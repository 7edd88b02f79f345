package io.jcorn.wire.syslog;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages to a syslog daemon on a thread of its own. Nobody waits for it: what cannot be sent, or comes when
 * {@value #WAITING} messages wait, is lost and counted.
 *
 * <pre>
 *   message := "&lt;" priority "&gt;jcorn." prefix "." log ": [" pid "] " line
 * </pre>
 *
 * <p>The time is left to the daemon, as RFC 3164 §4.3.2 allows, and as gunicorn does.
 */
public final class Syslog implements Closeable {

    /** Messages that wait at most. */
    static final int WAITING = 4096;

    /** The longest message in bytes; RFC 3164 promises 1024, today's daemons take this and more. */
    private static final int MOST = 8192;

    /** The severities of RFC 3164 §4.1.1 that are used. */
    public enum Severity {
        CRITICAL(2),
        ERROR(3),
        WARNING(4),
        INFO(6),
        DEBUG(7);

        private final int number;

        Severity(int number) {
            this.number = number;
        }
    }

    /** Which log a message is from. */
    public enum Origin {
        ACCESS("access"),
        ERROR("error");

        private final String name;

        Origin(String name) {
            this.name = name;
        }
    }

    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final byte[] END = {};

    private final SyslogOptions options;
    private final long pid;
    private final SyslogChannel.UnixDatagrams unixDatagrams;
    private final Consumer<String> troubles;
    private final BlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(WAITING);
    private final AtomicLong lost = new AtomicLong();
    private final Thread thread = new Thread(this::run, "jcorn-syslog");
    private volatile boolean closing;

    // The thread's own.
    private @Nullable SyslogChannel channel;
    private boolean fails;
    private long retryAt = System.nanoTime();

    /**
     * A sender that is at work.
     *
     * @param pid of this process
     * @param unixDatagrams for {@code unix://…#dgram}
     * @param troubles told, once each time, that messages cannot be sent and that they can again; must not send messages here
     */
    public Syslog(
            SyslogOptions options, long pid, SyslogChannel.UnixDatagrams unixDatagrams, Consumer<String> troubles) {
        this.options = options;
        this.pid = pid;
        this.unixDatagrams = unixDatagrams;
        this.troubles = troubles;
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether lines of the access log are wanted. */
    public boolean takesAccess() {
        return options.access();
    }

    /** Takes a line without its end. From any thread; never blocks. */
    public void offer(Origin origin, Severity severity, byte[] line, int from, int to) {
        int priority = 8 * options.facility().number() + severity.number;
        byte[] head = ("<" + priority + ">jcorn." + options.prefix() + "." + origin.name + ": [" + pid + "] ")
                .getBytes(StandardCharsets.UTF_8);
        int count = Math.min(to - from, MOST - head.length);
        boolean stream = !options.address().datagrams();
        byte[] message = new byte[head.length + count + (stream ? 1 : 0)];
        System.arraycopy(head, 0, message, 0, head.length);
        System.arraycopy(line, from, message, head.length, count);
        if (stream) {
            message[message.length - 1] = '\n';
        }
        if (closing || !queue.offer(message)) {
            lost.incrementAndGet();
        }
    }

    private void run() {
        try {
            for (byte[] message = queue.take(); message != END; message = queue.take()) {
                send(message);
            }
            disconnect();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(byte[] message) {
        if (fails && System.nanoTime() - retryAt < 0) {
            lost.incrementAndGet();
            return;
        }
        try {
            SyslogChannel open = channel;
            if (open == null) {
                open = SyslogChannel.connect(options.address(), unixDatagrams);
                channel = open;
            }
            open.send(ByteBuffer.wrap(message));
            worked();
        } catch (IOException | RuntimeException | Error e) {
            // Whatever it is, this thread is the only one that tries again.
            failed(e);
        }
    }

    private void worked() {
        if (fails) {
            fails = false;
            troubles.accept("The syslog daemon at " + options.address() + " is reached again; " + lost.getAndSet(0)
                    + " messages were lost");
        }
    }

    private void failed(Throwable why) {
        lost.incrementAndGet();
        retryAt = System.nanoTime() + RETRY_NANOS;
        disconnect();
        if (!fails) {
            fails = true;
            troubles.accept("The syslog daemon at " + options.address() + " cannot be reached: " + why.getMessage()
                    + ". Messages are lost until it can");
        }
    }

    private void disconnect() {
        SyslogChannel open = channel;
        channel = null;
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (IOException | RuntimeException e) {
            // Nothing of it is used any more.
            return;
        }
    }

    /** Returns how many messages were lost since that was told last. */
    long lost() {
        return lost.get();
    }

    /** Sends what waits, for two seconds at most, and takes nothing more. */
    @Override
    public void close() {
        closing = true;
        try {
            if (queue.offer(END, 1, TimeUnit.SECONDS)) {
                thread.join(1000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
