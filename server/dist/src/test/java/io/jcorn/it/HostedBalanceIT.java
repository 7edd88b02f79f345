package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Connections that stay spread over the workers, though it is the applications' own servers that accept them. */
@Tag("alone")
class HostedBalanceIT {

    private static final int WORKERS = 4;
    private static final int CONNECTIONS = 64;

    @RegisterExtension
    final Workplace place = new Workplace();

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"JDK_HTTPSERVER", "VERTX", "WEBFLUX"})
    void connectionsThatStayAreSpread(HostedExample example) throws IOException {
        Path archive = example.copyTo(place.folder());
        try (RunningJcorn jcorn =
                place.jcorn(example.serving(archive, WORKERS)).workersOn(17).start()) {
            SortedMap<Long, Integer> connectionsByPid = new TreeMap<>();
            jcorn.workers().keySet().forEach(pid -> connectionsByPid.put(pid, 0));
            List<HttpConnection> connections = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                HttpConnection connection = HttpConnection.open(jcorn.port());
                connections.add(connection);
                connectionsByPid.merge(connection.get("/pid").pid(), 1, Integer::sum);
            }
            System.out.println(example + ": connections by worker " + connectionsByPid);
            for (HttpConnection connection : connections) {
                connection.close();
            }
            assertThat(connectionsByPid).hasSize(WORKERS);
            assertThat(connectionsByPid.values())
                    .allSatisfy(count -> assertThat(count).isBetween(1, CONNECTIONS / WORKERS * 5 / 2));
        }
    }
}
