package io.jcorn.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.Scoreboard.WorkerPhase;
import org.junit.jupiter.api.Test;

/** A worker that has more connections than the others. */
class YieldTest {

    @Test
    void aServerThatYieldsStillTakesEverybodyInTheEnd() throws Exception {
        try (TestServer server = new TestServer(exchange -> exchange.sendResponseHeaders(200, -1))) {
            Scoreboard.Row other = server.scoreboard.row(1);
            other.phase(WorkerPhase.SERVING);
            other.set(Cell.BEAT, System.nanoTime());
            Client[] clients = new Client[10];
            for (int i = 0; i < clients.length; i++) {
                clients[i] = server.client();
            }
            for (Client client : clients) {
                assertThat(client.get("/").response().status()).isEqualTo(200);
                client.socket.close();
            }
            assertThat(server.cell(Cell.ACCEPT_PAUSES)).isPositive();
        }
    }
}
