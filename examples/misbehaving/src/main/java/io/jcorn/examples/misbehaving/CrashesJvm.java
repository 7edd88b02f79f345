package io.jcorn.examples.misbehaving;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Locale;

/**
 * Dies of a signal, as a JVM does of broken native code ({@code /misbehave?SEGV}, the default; {@code ?ABRT}) or of the
 * kernel's out-of-memory killer ({@code ?KILL}).
 *
 * <p>What jcorn does: the master names the signal that the process died of and replaces the worker. A JVM that crashes writes
 * its report and ends by ABRT.
 */
public final class CrashesJvm extends Misbehaving {

    @Override
    void misbehave(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        String signal = query == null ? "SEGV" : query.toUpperCase(Locale.ROOT);
        String pid = Long.toString(ProcessHandle.current().pid());
        // The names reach the shell as arguments, never as text of its program.
        new ProcessBuilder("/bin/sh", "-c", "kill -s \"$1\" \"$2\"", "sh", signal, pid)
                .inheritIO()
                .start();
        Never.comes();
    }
}
