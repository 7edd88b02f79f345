package io.jcorn.servlet.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What of Jetty's log gets into ours. */
class LogProviderTest {

    @Test
    void warningsAndErrorsOnly() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        LogProvider.install(Log.to(bytes, LogLevel.DEBUG, 7, Clock.systemUTC()));
        Logger logger = LoggerFactory.getLogger("org.eclipse.jetty.server.Server");

        logger.debug("debug");
        logger.info("info");
        logger.warn("Failed startup of context {}", "x", new IllegalStateException());
        logger.warn("one {} of {}", 1, 2);
        logger.error("broken", new IllegalStateException("why"));
        LoggerFactory.getLogger("org.apache.tomcat.util.descriptor.DigesterFactory")
                .warn("missing");

        String text = bytes.toString(StandardCharsets.UTF_8);
        assertThat(text.lines()).first().asString().endsWith("[7] [WARNING] one 1 of 2");
        assertThat(text).contains("[7] [ERROR] broken", "[7] [ERROR] java.lang.IllegalStateException: why");
        assertThat(text).doesNotContain("debug", "info", "Failed startup", "missing");
        assertThat(System.getProperty("slf4j.provider")).isNull();
    }
}
