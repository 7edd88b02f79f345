package io.jcorn.master;

/** What the exit status of the command says; the numbers are gunicorn's. */
public enum ExitCode {
    /** Stopped as asked, or nothing was to be served: help, version, a configuration that was printed or found good. */
    OK(0),
    /** The configuration is wrong, an address cannot be bound, a jcorn with the same pidfile runs, or the master failed. */
    ERROR(1),
    /** The command line cannot be understood: a flag that does not exist, or one without its value. */
    USAGE(2),
    /** No worker of the first generation became ready: they all failed while they started. */
    WORKER_BOOT(3),
    /** No worker of the first generation became ready: the application's classes could not be loaded. */
    APP_LOAD(4);

    private final int status;

    ExitCode(int status) {
        this.status = status;
    }

    /** Returns the exit status of the process. */
    public int status() {
        return status;
    }
}
