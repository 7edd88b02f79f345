package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chat room of the examples, through a reload and a stop. */
class WebSocketIT {

    @RegisterExtension
    final Workplace place = new Workplace();

    /** Somebody in the room. */
    private static final class Guest implements WebSocket.Listener {
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final StringBuilder line = new StringBuilder();
        private final WebSocket socket;

        Guest(int port) throws Exception {
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + port + "/room"), this)
                    .get(20, TimeUnit.SECONDS);
        }

        void say(String text) throws Exception {
            socket.sendText(text, true).get(20, TimeUnit.SECONDS);
        }

        String hears() throws InterruptedException {
            String next = heard.poll(20, TimeUnit.SECONDS);
            return next == null ? "nothing" : next;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            line.append(part);
            if (last) {
                heard.add(line.toString());
                line.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            heard.add("closed " + status);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            heard.add("error " + error);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void conversationsEndWith1001AndBeginAnew(int java) throws Exception {
        try (RunningJcorn jcorn =
                place.jcorn("--workers", "1", Workplace.chat()).workersOn(java).start()) {
            Guest ann = new Guest(jcorn.port());
            assertThat(ann.hears()).startsWith("There are 1 in the room");
            Guest bob = new Guest(jcorn.port());
            assertThat(bob.hears()).startsWith("There are 2 in the room");
            ann.say("hello");
            assertThat(ann.hears()).isEqualTo("hello");
            assertThat(bob.hears()).isEqualTo("hello");

            jcorn.signal("HUP");

            assertThat(ann.hears()).isEqualTo("closed 1001");
            assertThat(bob.hears()).isEqualTo("closed 1001");
            Guest again = new Guest(jcorn.port());
            assertThat(again.hears()).startsWith("There are 1 in the room");
            jcorn.awaitEvent("Reload complete");

            jcorn.signal("TERM");

            assertThat(again.hears()).isEqualTo("closed 1001");
            jcorn.assertExit(0);
        }
    }
}
