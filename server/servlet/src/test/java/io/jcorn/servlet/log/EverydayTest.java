package io.jcorn.servlet.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EofException;
import org.junit.jupiter.api.Test;

/** What of Jetty's warnings is everyday life, and what is not. */
class EverydayTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    private String warned(LogLevel threshold, String logger, String message, Object... arguments) {
        written.reset();
        new LogLogger(logger, () -> Log.to(written, threshold, 1, Clock.systemUTC())).warn(message, arguments);
        return written.toString(StandardCharsets.UTF_8);
    }

    private void quiet(String logger, String message, Object... arguments) {
        assertThat(warned(LogLevel.INFO, logger, message, arguments)).isEmpty();
        assertThat(warned(LogLevel.DEBUG, logger, message, arguments))
                .contains("[DEBUG]")
                .doesNotContain("\tat ")
                .hasLineCount(1);
    }

    @Test
    void clientsThatLeaveOrFallSilentAreEverydayLife() {
        quiet("x", "handled {}", "/a", new IOException(new EofException("Closed")));
        quiet("x", "handled {}", "/a", new IOException(new TimeoutException("Idle timeout expired: 31/30 ms")));
        quiet("x", "handled {} {}", "/a", "java.util.concurrent.TimeoutException: Idle timeout expired: 31/30 ms");
        IllegalStateException late = new IllegalStateException("Committed");
        late.addSuppressed(new RuntimeException(new EofException("Early EOF")));
        quiet("x", "writeError", late);
        quiet("x", "handled {}", "/a", new HttpException.RuntimeException(400, "no query"));
    }

    @Test
    void soAreRequestsThatAreNone() {
        quiet("org.eclipse.jetty.http.HttpParser", "URI is too large >{}", 4094);
        quiet("org.eclipse.jetty.util.HostPort", "Bad Authority: [{}]", "a b");
    }

    @Test
    void classesInTwoArchivesAreNoTrouble() {
        quiet("x", "{} scanned from multiple locations: {}, {}", "A", "b.jar", "c.jar");
    }

    /** A database that hangs up looks much like a client that does. */
    @Test
    void whatTheApplicationThrowsIsTold() {
        assertThat(warned(LogLevel.INFO, "x", "handled {}", "/a", new IOException("Connection reset by peer")))
                .contains("[WARNING]", "Connection reset by peer");
        assertThat(warned(LogLevel.INFO, "x", "handled {}", "/a", new TimeoutException("no connection in the pool")))
                .contains("[WARNING]");
    }
}
