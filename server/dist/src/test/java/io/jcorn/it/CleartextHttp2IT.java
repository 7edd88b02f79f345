package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.it.Http2Connection.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 without TLS, as the proxy next door speaks it to the packaged server. */
class CleartextHttp2IT {

    private static final String GREETING = "Hello, World!\n";

    @RegisterExtension
    final Workplace place = new Workplace();

    private Launch serving(String... options) {
        List<String> command = new ArrayList<>(List.of("--http2-cleartext", "prior-knowledge"));
        command.addAll(List.of(options));
        command.add(Workplace.hello());
        return place.jcorn(command.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void theRequestsOfAConnectionDoNotWaitForEachOther(int java) throws Exception {
        try (RunningJcorn jcorn = serving("--workers", "1").workersOn(java).start();
                Http2Connection proxy = new Http2Connection(jcorn.port())) {
            int first = proxy.get("/plaintext");
            assertThat(reply(proxy).stream()).isEqualTo(first);

            int slow = proxy.get("/slow?ms=1000");
            int plain = proxy.get("/plaintext");
            int pid = proxy.get("/pid");
            List<Reply> replies = List.of(reply(proxy), reply(proxy), reply(proxy));

            assertThat(replies).extracting(Reply::stream).containsExactlyInAnyOrder(plain, pid, slow);
            Reply last = replies.get(2);
            assertThat(last.stream()).as("the slow one").isEqualTo(slow);
            assertThat(last.answer().body()).isEqualTo("This took 1000 ms.\n");
            assertThat(replies).allMatch(reply -> reply.answer().status() == 200);
            // The same port goes on speaking HTTP/1.1 to those who do.
            assertThat(HttpConnection.get(jcorn.port(), "/plaintext").body()).isEqualTo(GREETING);
        }
    }

    private static Reply reply(Http2Connection proxy) throws IOException {
        return proxy.next().orElseThrow(() -> new AssertionError("the connection has ended"));
    }

    @Test
    void neitherAReloadNorTheEndOfAConnectionLosesARequest() throws Exception {
        try (RunningJcorn jcorn =
                        serving("--workers", "2", "--keep-alive-requests", "30").start();
                Load load = new Load(jcorn.port(), 2)) {
            Await.until("connections end when they have had their requests", () -> load.ended.get() >= 4);
            jcorn.signal("HUP");
            jcorn.awaitEvent("Reload complete");
            load.awaitMore(200);
            assertThat(load.failures).isEmpty();
        }
    }

    @Test
    void aStopFinishesWhatIsInFlight() throws Exception {
        try (RunningJcorn jcorn = serving("--workers", "1").start();
                Http2Connection proxy = new Http2Connection(jcorn.port())) {
            int slow = proxy.get("/slow?ms=1500");
            int quick = proxy.get("/plaintext");
            assertThat(reply(proxy).stream()).isEqualTo(quick);
            jcorn.awaitStack("io.jcorn.examples.hello.Hello.slow");

            jcorn.signal("TERM");

            Reply late = reply(proxy);
            assertThat(late.stream()).isEqualTo(slow);
            assertThat(late.answer().body()).isEqualTo("This took 1500 ms.\n");
            assertThat(proxy.next()).as("the end, announced").isEmpty();
            assertThat(proxy.last()).isEqualTo(quick);
            jcorn.assertExit(0);
        }
    }

    /** Proxies that send three requests at once, again and again, and open a new connection when the server asks them to. */
    private static final class Load implements AutoCloseable {
        final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        final AtomicInteger ended = new AtomicInteger();
        private final AtomicInteger answered = new AtomicInteger();
        private final List<Thread> proxies = new ArrayList<>();
        private final int port;
        private volatile boolean over;

        Load(int port, int count) {
            this.port = port;
            for (int i = 0; i < count; i++) {
                Thread proxy = new Thread(this::run);
                proxy.start();
                proxies.add(proxy);
            }
        }

        private void run() {
            while (!over) {
                try (Http2Connection connection = new Http2Connection(port)) {
                    use(connection);
                } catch (IOException | RuntimeException e) {
                    failures.add(e.toString());
                }
            }
        }

        private void use(Http2Connection connection) throws IOException {
            while (!over && !connection.leaving()) {
                for (int i = 0; i < 3; i++) {
                    connection.get("/plaintext");
                }
                // What the server says it has not taken is sent again by the next turn, as it were: it is not lost.
                while (connection.waiting() > 0 && take(connection.next())) {
                    answered.incrementAndGet();
                }
            }
            if (connection.leaving()) {
                ended.incrementAndGet();
            }
        }

        private boolean take(Optional<Reply> reply) {
            reply.map(Reply::answer)
                    .filter(answer -> answer.status() != 200 || !answer.body().equals(GREETING))
                    .ifPresent(wrong -> failures.add(wrong.toString()));
            return reply.isPresent();
        }

        void awaitMore(int requests) {
            int until = answered.get() + requests;
            Await.until("more answers; failures: " + failures, () -> answered.get() >= until || !failures.isEmpty());
        }

        @Override
        public void close() {
            over = true;
            Await.until("the proxies have gone", () -> proxies.stream().noneMatch(Thread::isAlive));
        }
    }
}
