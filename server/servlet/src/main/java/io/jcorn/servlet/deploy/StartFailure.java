package io.jcorn.servlet.deploy;

import io.jcorn.servlet.archive.LoadFailure;
import io.jcorn.servlet.log.Traces;
import io.jcorn.wire.Message.BootFailed.Cause;

/** Tells what went wrong when an application started. */
public final class StartFailure {

    private StartFailure() {}

    /** Returns what the application threw as a failure to tell. */
    public static LoadFailure of(Throwable thrown, String displayName) {
        if (thrown instanceof UnsupportedClassVersionError) {
            return new LoadFailure(
                    Cause.LOAD,
                    displayName + " is compiled for a newer Java than "
                            + Runtime.version().feature() + ", which this worker runs (" + thrown.getMessage()
                            + "). Give --java-home a Java that is new enough",
                    thrown);
        }
        return new LoadFailure(missing(thrown) ? Cause.LOAD : Cause.BOOT, Traces.ofApplication(thrown), thrown);
    }

    /** A class or library that is not there, or is of another version, is a matter of loading wherever it shows. */
    private static boolean missing(Throwable thrown) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof ClassNotFoundException
                    || (each instanceof LinkageError && !(each instanceof ExceptionInInitializerError))) {
                return true;
            }
        }
        return false;
    }
}
