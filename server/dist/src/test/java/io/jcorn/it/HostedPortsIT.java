package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.it.LoadClient.Question;
import io.jcorn.it.LoadClient.Style;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Applications that bind other ports than the one that is held. */
class HostedPortsIT {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @RegisterExtension
    final Workplace place = new Workplace();

    @Test
    void aPortOfItsOwnIsMapped() throws IOException {
        int own = freePorts(1);
        try (RunningJcorn jcorn = place.obedient(
                        List.of("--workers", "2", "--app-port", Integer.toString(own)), "listen=127.0.0.1:" + own)
                .start()) {
            assertThat(Proc.listeners(own))
                    .as("nobody listens on the port it asked for")
                    .isEmpty();
            everyWorkerAnswers(jcorn, jcorn.port(), own);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void anotherPortThanTheOneHeldIsExplained(int java) throws IOException {
        int own = freePorts(1);
        String text = place.obedient(List.of("--workers", "2", "--boot-timeout", "3s"), "listen=127.0.0.1:" + own)
                .workersOn(java)
                .refused(3);
        assertThat(text)
                .contains("listens on port " + own + ", and did not listen on 127.0.0.1:", "--app-port " + own)
                .containsOnlyOnce("--app-port " + own);
    }

    /** Not after the time to boot, which is a minute by default. */
    @Test
    void anotherPortThanTheOneHeldIsExplainedWhileThereIsTime() throws IOException {
        int own = freePorts(1);
        try (RunningJcorn jcorn = place.obedient(List.of("--workers", "1"), "listen=127.0.0.1:" + own)
                .launch()) {
            jcorn.awaitEvent("The application listens on port " + own + ", which jcorn does not hold");
            jcorn.awaitEvent(
                    "\\[WARNING\\] .*app.jar listens on port " + own + ", which jcorn does not hold, and has not yet"
                            + " listened on 127.0.0.1:[0-9]+. If they belong together, say so: --app-port " + own);
            assertThat(jcorn.log().found("within .* \\(boot-timeout\\). If they"))
                    .as("the last word")
                    .isEmpty();
        }
    }

    @Test
    void nothingThatListensIsExplained() throws IOException {
        try (RunningJcorn jcorn = place.obedient(
                        List.of("--workers", "1", "--boot-timeout", "2s"), "say=I have other plans")
                .tolerate("WORKER TIMEOUT", "Killing worker", "SIGKILL: killed by the master", "failed to boot")
                .tolerate("did not listen on")
                .tolerate(StopIT.THREAD_DUMP)
                .launch()) {
            jcorn.awaitEvent("did not listen on 127.0.0.1:[0-9]+ within 2.0 s .*PORT.*--app-port.*--boot-timeout");
            jcorn.awaitEvent("at app//io.jcorn.it.app.Obedient.main");
            jcorn.assertExit(3);
        }
    }

    @Test
    void morePortsAreShared() throws IOException {
        int extra = freePorts(1);
        try (RunningJcorn jcorn = place.obedient(
                        List.of("--workers", "2"), "listen=127.0.0.1:P1", "listen=127.0.0.1:" + extra)
                .start()) {
            jcorn.awaitEvents("The application listens on port " + extra + " too, .*shared by all workers", 2);
            everyWorkerAnswers(jcorn, jcorn.port(), 0);
            everyWorkerAnswers(jcorn, extra, extra);
        }
    }

    @Test
    void eachWorkerGetsPortsOfItsOwn() throws IOException {
        int extra = freePorts(3);
        try (RunningJcorn jcorn = place.obedient(
                        List.of("--workers", "2", "--extra-ports", "offset"),
                        "listen=127.0.0.1:P1",
                        "listen=127.0.0.1:" + extra)
                .start()) {
            everyWorkerAnswers(jcorn, jcorn.port(), 0);
            assertThat(Proc.listeners(extra)).as("nobody has the port itself").isEmpty();
            for (int slot = 0; slot <= 1; slot++) {
                int port = extra + 1 + slot;
                jcorn.awaitEvent("The application listens on port " + port + " too, .*own instead of " + extra);
                assertThat(HttpConnection.get(port, "/").body()).contains(" slot=" + slot + " ");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void morePortsAreRefused(int java) throws IOException {
        int extra = freePorts(1);
        try (RunningJcorn jcorn = place.obedient(
                        List.of("--workers", "2", "--extra-ports", "fail"),
                        "listen=127.0.0.1:" + extra,
                        "listen=127.0.0.1:P1")
                .workersOn(java)
                .tolerate(".*")
                .launch()) {
            jcorn.awaitEvent("BindException: port " + extra + " is not held by jcorn, which holds 127.0.0.1:[0-9]+"
                    + ".*--bind.*--app-port " + extra + ".*--extra-ports share or offset");
            jcorn.assertExit(3);
        }
    }

    /**
     * Asks until each worker has answered at a port.
     *
     * @param asked the port that the application bound, 0: the one it was told
     */
    private static void everyWorkerAnswers(RunningJcorn jcorn, int port, int asked) {
        String address = "127.0.0.1:" + (asked == 0 ? "P1" : asked);
        Question question =
                new Question("/", Pattern.compile("pid=[0-9]+ slot=[0-9]+ " + address + " /127.0.0.1:" + port + "\n"));
        try (LoadClient visitors = LoadClient.start(port, Style.CONNECTION_PER_REQUEST, 4, question)) {
            visitors.awaitAnswersOf(jcorn.workers().keySet()).stop().assertPerfect();
        }
    }

    /** Asks the kernel for so many ports in a row that nobody has, and returns the first. What is tested are ports that are not held. */
    private static int freePorts(int count) throws IOException {
        return Await.value("ports in a row", () -> {
            List<ServerSocket> sockets = new ArrayList<>();
            try {
                sockets.add(new ServerSocket(0, 0, LOOPBACK));
                int first = sockets.get(0).getLocalPort();
                for (int next = first + 1; next < first + count; next++) {
                    sockets.add(new ServerSocket(next, 0, LOOPBACK));
                }
                return java.util.Optional.of(first);
            } catch (IOException e) {
                return java.util.Optional.empty();
            } finally {
                sockets.forEach(HostedPortsIT::close);
            }
        });
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
