package io.jcorn.servlet.deploy;

import io.jcorn.servlet.archive.LoadFailure;
import io.jcorn.servlet.log.Traces;
import io.jcorn.wire.Message.BootFailed.Cause;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells what went wrong when an application started. */
public final class StartFailure {

    /** How Jetty says that there is no class of the name that a descriptor gives. */
    private static final Pattern NO_SUCH_CLASS =
            Pattern.compile("Class loading error for holder (?:.*?==)?([\\w.$]+)@.*");

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
        Matcher missing = NO_SUCH_CLASS.matcher(String.valueOf(thrown.getMessage()));
        if (missing.lookingAt()) {
            return new LoadFailure(
                    Cause.LOAD,
                    displayName + " names the class " + missing.group(1)
                            + ", which is neither in it nor among its libraries",
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
