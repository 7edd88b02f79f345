package io.jcorn.servlet.log;

import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Leads what Jetty logs into the worker's log, warnings and errors only. No service file names this class: a web application that
 * brings its own slf4j would find it there. {@link #install} names it instead, for as long as slf4j looks.
 */
public final class LogProvider implements SLF4JServiceProvider {

    /** The system property by which slf4j is told its provider. */
    private static final String PROVIDER = "slf4j.provider";

    /** The system property that keeps slf4j from saying that it was told so. */
    private static final String VERBOSITY = "slf4j.internal.verbosity";

    private static volatile Log log = Log.toStandardError(LogLevel.WARNING);

    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final MDCAdapter contexts = new NOPMDCAdapter();

    /** Makes slf4j write to this log. Has to come before anything of Jetty is touched. */
    public static void install(Log log) {
        LogProvider.log = log;
        System.setProperty(PROVIDER, LogProvider.class.getName());
        System.setProperty(VERBOSITY, "WARN");
        try {
            org.slf4j.LoggerFactory.getILoggerFactory();
        } finally {
            // The application's own slf4j reads the same properties.
            System.clearProperty(PROVIDER);
            System.clearProperty(VERBOSITY);
        }
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return name -> new LogLogger(name, () -> log);
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return contexts;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {
        // Nothing is to be prepared.
    }
}
