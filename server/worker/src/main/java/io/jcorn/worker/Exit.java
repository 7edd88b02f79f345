package io.jcorn.worker;

/** Ends the process within a bound, whatever shutdown hooks the application has installed. */
final class Exit {

    /** How long shutdown hooks may take, in milliseconds. */
    static final long HOOKS_MILLIS = 1000;

    private Exit() {}

    /** Does not return. */
    static void with(ExitCode code) {
        Thread exit = new Thread(() -> System.exit(code.code()), "jcorn-exit");
        exit.setDaemon(true);
        exit.start();
        try {
            exit.join(HOOKS_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(code.code());
    }
}
