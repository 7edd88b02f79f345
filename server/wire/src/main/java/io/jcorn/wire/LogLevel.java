package io.jcorn.wire;

/** How much a log line matters, with gunicorn's names. The declaration order is from noise to alarm. */
public enum LogLevel {
    DEBUG,
    INFO,
    WARNING,
    ERROR,
    CRITICAL
}
