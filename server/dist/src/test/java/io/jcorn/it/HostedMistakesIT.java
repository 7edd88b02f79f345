package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong with servers that are not ours before they are ready: it is said once, soon, and by its name. */
class HostedMistakesIT {

    private static final String JDWP = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=";

    private static final String[] DEBUGGERS_WORDS = {
        "^ERROR: transport error", "^ERROR: JDWP", "^JDWP exit error", "could not listen at"
    };

    @RegisterExtension
    final Workplace place = new Workplace();

    /** One boot-timeout is enough to find out. */
    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aServerInAChildProcessIsNamedAndNotTriedAgain(int java) throws IOException {
        String text = place.obedient(List.of("--workers", "2", "--boot-timeout", "20s"), "child")
                .workersOn(java)
                .refused(3);
        assertThat(text)
                .containsPattern(
                        "did not listen on 127\\.0\\.0\\.1:[0-9]+ within 20\\.0 s \\(boot-timeout\\)\\. It has started java"
                                + " \\(pid [0-9]+\\): a server in a child process gets no socket")
                .contains("--noFork", "No worker became ready");
        assertThat(text.lines().filter(line -> line.contains("Booting worker")))
                .as("no second round")
                .hasSize(2);
    }

    /** The old worker of the slot has the port until the new one is ready. */
    @Test
    void aReloadWithADebuggersPortForEachSlotFailsOnceAndSaysWhy() throws IOException {
        int port = freePort();
        try (RunningJcorn jcorn = place.obedient(
                        List.of("--workers", "1", "--java-opt=" + JDWP + "127.0.0.1:" + port), "listen=127.0.0.1:P1")
                .tolerate(DEBUGGERS_WORDS)
                .tolerate("Reload failed")
                .start()) {
            jcorn.signal("HUP");
            jcorn.awaitEvent("exited with code 2: the JVM's debugger \\(JDWP\\) could not listen at 127.0.0.1:" + port
                    + ", .*address=127.0.0.1:0");
            jcorn.awaitEvent("Reload failed: generation 2 does not boot .*Generation 1 goes on serving");
            assertThat(HttpConnection.get(jcorn.port(), "/").status()).isEqualTo(200);
            assertThat(jcorn.log().found("Booting worker with pid: [0-9]+ \\(slot=0 gen=2\\)"))
                    .as("tried once")
                    .hasSize(1);
            assertThat(jcorn.log().found("is not wanted any more")).isEmpty();
        }
    }

    @Test
    void aDebuggerThatTakesAnyPortIsInNobodysWay() throws IOException {
        try (RunningJcorn jcorn = place.obedient(
                        List.of("--workers", "2", "--java-opt=" + JDWP + "127.0.0.1:0"), "listen=127.0.0.1:P1")
                .start()) {
            jcorn.signal("HUP");
            jcorn.awaitEvent("Reload complete: generation 2");
        }
    }

    /** The harness looks into TMPDIR when the server has stopped: nothing is left there. */
    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void whatAWorkerLeavesInItsTempFolderGoesWithItHoweverItEnds(int java) throws IOException {
        try (RunningJcorn jcorn = place.obedient(
                        List.of("--workers", "1"), "temp=left-behind", "temp=libnative.so", "listen=127.0.0.1:P1")
                .workersOn(java)
                .tolerate("was sent SIGKILL: killed from outside")
                .start()) {
            Path first = Path.of(jcorn.output().lines().findFirst().orElseThrow());
            assertThat(first).exists().hasFileName("left-behind");
            assertThat(first.startsWith(jcorn.temp())).isTrue();

            jcorn.mark();
            Proc.signal(jcorn.anyWorker(), "KILL");
            jcorn.awaitEvent("Worker ready");
            Await.until("the folder of the dead is gone", () -> !Files.exists(first.resolveSibling("")));
            Path second = Path.of(jcorn.output().lines().skip(2).findFirst().orElseThrow());
            assertThat(second).exists().isNotEqualTo(first);
        }
    }

    @Test
    void aFolderOfTheUsersIsLeftAlone() throws IOException {
        Path folder = Files.createDirectory(place.folder().resolve("precious"));
        try (RunningJcorn jcorn = place.obedient(
                        List.of("--workers", "1", "--worker-tmp-dir", folder.toString()),
                        "temp=kept",
                        "listen=127.0.0.1:P1")
                .start()) {
            assertThat(folder.resolve("kept")).exists();
            jcorn.signal("TERM");
            jcorn.assertExit(0);
        }
        assertThat(folder.resolve("kept")).exists();
    }

    @Test
    void aWildcardOfTheClassPathStandsForTheJarsOfAFolder() throws IOException {
        Path lib = Files.createDirectory(place.folder().resolve("lib"));
        Path stock = new App(lib, "stock")
                .source(
                        "package stock; public final class Stock { public static String answer() { return \"plenty\"; } }")
                .jar();
        Path jar = new App(place.folder(), "shop")
                .with(stock)
                .source("""
                        package shop;
                        public final class Main {
                            public static void main(String[] arguments) throws Exception {
                                System.out.println(stock.Stock.answer());
                                new java.net.ServerSocket(Integer.parseInt(System.getenv("PORT"))).accept();
                            }
                        }
                        """)
                .manifest("Main-Class", "shop.Main")
                .jar();
        try (RunningJcorn jcorn = place.jcorn("--workers", "1", "--classpath", lib + "/*", jar.toString())
                .start()) {
            Await.until("what it says", () -> jcorn.output().contains("plenty"));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
