package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.netty.util.internal.logging.InternalLogger;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is heard of Netty, and of an event loop that ends. */
class NettyLogTest {

    @Test
    void warningsAreOursAndSeldom() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        InternalLogger netty = NettyLog.of("io.netty.Some", Log.to(out, LogLevel.DEBUG, 1, Clock.systemUTC()));
        netty.debug("nothing of {}", "this");
        assertThat(out.size()).isZero();
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (out.size() == 0 && System.nanoTime() < deadline) {
            // Another test of this JVM may have had this second's line.
            netty.warn("{} is not {}", "this", "that", new IllegalStateException("why"));
        }
        for (int i = 0; i < 1000; i++) {
            netty.error("again");
        }
        String said = out.toString(StandardCharsets.UTF_8);
        assertThat(said).contains("[WARNING] io.netty.Some: this is not that").contains("IllegalStateException: why");
        assertThat(said.lines().filter(line -> line.contains("again")).count()).isLessThan(10);
    }

    @Test
    void anEventLoopThatEndsEndsItsProcess() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (TestServer server = new TestServer(exchange -> {})) {
            server.clientsStay("nothing closes the listener when the loop has ended: in a worker the process ends");
            server.engine.whenLoopEnds(ended::countDown);
            server.engine.loop().shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
            ProtocolTest.await(ended);
            assertThat(server.log()).contains("[CRITICAL] A defect in jcorn: the event loop has ended");
        }
    }

    @Test
    void anEventLoopThatIsEndedSaysNothing() {
        TestServer server = new TestServer(exchange -> {});
        server.close();
        assertThat(server.log()).doesNotContain("CRITICAL");
    }
}
