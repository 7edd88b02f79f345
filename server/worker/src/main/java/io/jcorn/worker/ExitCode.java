package io.jcorn.worker;

/** How a worker ends. The master tells 3 and 4 from a JVM's own codes by whether the worker was ever ready. */
enum ExitCode {
    /** It was told to leave, and left. */
    CLEAN(0),
    /** The application failed while it started. */
    BOOT(3),
    /** The application cannot be found or loaded. */
    LOAD(4);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
