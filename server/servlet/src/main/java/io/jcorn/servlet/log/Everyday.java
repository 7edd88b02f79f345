package io.jcorn.servlet.log;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;

/**
 * Tells what any client can bring about: it leaves, falls silent, or sends what is no request. Jetty warns of some of that, with a stack
 * trace, once for each client.
 */
final class Everyday {

    /** How Jetty says it of a client; other libraries have their own words. */
    private static final String SILENT = "Idle timeout expired: ";

    private static final String TIMEOUT = TimeoutException.class.getName() + ": " + SILENT;

    private Everyday() {}

    /** Whether a message of Jetty's is about nothing else. */
    static boolean is(String text, @Nullable Throwable thrown, Object @Nullable [] arguments) {
        if (of(thrown) || text.contains(TIMEOUT) || text.contains(EofException.class.getName())) {
            return true;
        }
        if (arguments != null) {
            for (Object argument : arguments) {
                if (argument instanceof Throwable failure && of(failure)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean of(@Nullable Throwable thrown) {
        return thrown != null && of(thrown, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static boolean of(Throwable thrown, Set<Throwable> seen) {
        if (!seen.add(thrown)) {
            return false;
        }
        if (thrown instanceof EofException
                || (thrown instanceof TimeoutException
                        && String.valueOf(thrown.getMessage()).startsWith(SILENT))
                || (thrown instanceof HttpException refusal && refusal.getCode() / 100 == 4)) {
            return true;
        }
        Throwable cause = thrown.getCause();
        if (cause != null && of(cause, seen)) {
            return true;
        }
        for (Throwable suppressed : thrown.getSuppressed()) {
            if (of(suppressed, seen)) {
                return true;
            }
        }
        return false;
    }
}
