package io.jcorn.worker.engine;

import io.jcorn.wire.Log;
import io.netty.util.internal.logging.AbstractInternalLogger;
import io.netty.util.internal.logging.FormattingTuple;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.MessageFormatter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Netty's warnings and errors in the worker's own log, one in a second at most. The JDK's logging, which Netty would find, reads
 * files and loads half a library with the first line that it writes, which is when something goes wrong: on an event loop, perhaps
 * for want of a descriptor. What Netty says below that is about itself.
 */
public final class NettyLog extends AbstractInternalLogger {

    private static final long serialVersionUID = 1;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final AtomicLong NEXT = new AtomicLong(System.nanoTime());

    private final transient Log log;

    private NettyLog(String name, Log log) {
        super(name);
        this.log = log;
    }

    /** From now on. Before the first class of Netty that has a logger. */
    public static void to(Log log) {
        InternalLoggerFactory.setDefaultFactory(new InternalLoggerFactory() {
            @Override
            protected InternalLogger newInstance(String name) {
                return of(name, log);
            }
        });
    }

    static InternalLogger of(String name, Log log) {
        return new NettyLog(name, log);
    }

    @SuppressWarnings("NullAway") // A tuple's parts are null when there is none.
    private void warn(FormattingTuple said) {
        warn(said.getMessage(), said.getThrowable());
    }

    @SuppressWarnings("NullAway")
    private void error(FormattingTuple said) {
        error(said.getMessage(), said.getThrowable());
    }

    private String text(@Nullable String message, @Nullable Throwable thrown) {
        StringWriter text = new StringWriter().append(name()).append(": ").append(message);
        if (thrown != null) {
            thrown.printStackTrace(new PrintWriter(text.append('\n')));
        }
        return text.toString().stripTrailing();
    }

    private static boolean mayTell() {
        long now = System.nanoTime();
        long next = NEXT.get();
        return now - next >= 0 && NEXT.compareAndSet(next, now + SECOND);
    }

    @Override
    public void warn(@Nullable String message, @Nullable Throwable thrown) {
        if (mayTell()) {
            log.warning(text(message, thrown));
        }
    }

    @Override
    public void error(@Nullable String message, @Nullable Throwable thrown) {
        if (mayTell()) {
            log.error(text(message, thrown));
        }
    }

    @Override
    public boolean isWarnEnabled() {
        return true;
    }

    @Override
    public void warn(String message) {
        warn(message, (Throwable) null);
    }

    @Override
    public void warn(String format, Object argument) {
        warn(MessageFormatter.format(format, argument));
    }

    @Override
    public void warn(String format, Object first, Object second) {
        warn(MessageFormatter.format(format, first, second));
    }

    @Override
    public void warn(String format, Object... arguments) {
        warn(MessageFormatter.arrayFormat(format, arguments));
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }

    @Override
    public void error(String message) {
        error(message, (Throwable) null);
    }

    @Override
    public void error(String format, Object argument) {
        error(MessageFormatter.format(format, argument));
    }

    @Override
    public void error(String format, Object first, Object second) {
        error(MessageFormatter.format(format, first, second));
    }

    @Override
    public void error(String format, Object... arguments) {
        error(MessageFormatter.arrayFormat(format, arguments));
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public void trace(String message) {}

    @Override
    public void trace(String format, Object argument) {}

    @Override
    public void trace(String format, Object first, Object second) {}

    @Override
    public void trace(String format, Object... arguments) {}

    @Override
    public void trace(String message, Throwable thrown) {}

    @Override
    public boolean isDebugEnabled() {
        return false;
    }

    @Override
    public void debug(String message) {}

    @Override
    public void debug(String format, Object argument) {}

    @Override
    public void debug(String format, Object first, Object second) {}

    @Override
    public void debug(String format, Object... arguments) {}

    @Override
    public void debug(String message, Throwable thrown) {}

    @Override
    public boolean isInfoEnabled() {
        return false;
    }

    @Override
    public void info(String message) {}

    @Override
    public void info(String format, Object argument) {}

    @Override
    public void info(String format, Object first, Object second) {}

    @Override
    public void info(String format, Object... arguments) {}

    @Override
    public void info(String message, Throwable thrown) {}
}
