package io.jcorn.servlet.log;

import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** One of Jetty's loggers. */
final class LogLogger extends AbstractLogger {

    /** Jetty says with this what the worker tells the master as the reason why it cannot boot: once is enough. */
    private static final String TOLD_ELSEWHERE = "Failed startup of context";

    /** Says that a class is in two archives, once for each class; who is served does not depend on it. */
    private static final String TWICE = "{} scanned from multiple locations";

    /** Says that schemas are missing that only an XML validation would need, which nobody has asked for. */
    private static final String SCHEMAS = "org.apache.tomcat.util.descriptor.DigesterFactory";

    /** These warn of requests that are refused, once for each: the access log has them. */
    private static final Set<String> READERS =
            Set.of("org.eclipse.jetty.http.HttpParser", "org.eclipse.jetty.util.HostPort");

    private final transient Supplier<Log> log;

    LogLogger(String name, Supplier<Log> log) {
        this.name = name;
        this.log = log;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String message,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        if (message != null && message.startsWith(TOLD_ELSEWHERE)) {
            return;
        }
        String text = MessageFormatter.basicArrayFormat(message, arguments);
        if ((message != null && message.startsWith(TWICE))
                || READERS.contains(name)
                || Everyday.is(text, thrown, arguments)) {
            log.get().write(LogLevel.DEBUG, thrown == null ? text : text + ": " + thrown);
            return;
        }
        log.get()
                .write(
                        level == Level.ERROR ? LogLevel.ERROR : LogLevel.WARNING,
                        thrown == null ? text : text + '\n' + Traces.ofApplication(thrown));
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public boolean isTraceEnabled(Marker marker) {
        return false;
    }

    @Override
    public boolean isDebugEnabled() {
        return false;
    }

    @Override
    public boolean isDebugEnabled(Marker marker) {
        return false;
    }

    @Override
    public boolean isInfoEnabled() {
        return false;
    }

    @Override
    public boolean isInfoEnabled(Marker marker) {
        return false;
    }

    @Override
    public boolean isWarnEnabled() {
        return !SCHEMAS.equals(name) && log.get().enabled(LogLevel.WARNING);
    }

    @Override
    public boolean isWarnEnabled(Marker marker) {
        return isWarnEnabled();
    }

    @Override
    public boolean isErrorEnabled() {
        return log.get().enabled(LogLevel.ERROR);
    }

    @Override
    public boolean isErrorEnabled(Marker marker) {
        return isErrorEnabled();
    }
}
