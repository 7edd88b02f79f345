package io.jcorn.worker;

import io.jcorn.agent.Ending;

/** Ends the process within a bound, whatever shutdown hooks the application has installed. */
final class Exit {

    private Exit() {}

    /** Does not return. */
    static void with(ExitCode code) {
        Ending.exit(code.code(), Ending.QUICK_MILLIS);
    }
}
