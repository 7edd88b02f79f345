package io.jcorn.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.agent.Inheritance.MasterSide;
import io.jcorn.wire.Message;
import io.jcorn.wire.Message.Gate;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What ends a whole process, in a process of its own. */
@Timeout(120)
class OrphanTest {

    private final Path folder;
    private final MasterSide master;
    private final List<Process> started = new ArrayList<>();

    OrphanTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        master = new MasterSide(folder);
    }

    @AfterEach
    void leaveNothing() throws Exception {
        master.close();
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    private int start(String duties) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        OrphanProgram.class.getName(),
                        master.path().toString(),
                        folder.toString(),
                        duties)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        started.add(process);
        String port = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine();
        return Integer.parseInt(port);
    }

    private int exitCode() throws InterruptedException {
        Process process = started.get(0);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void aWorkerThatStillBootsDiesWithItsMaster() throws Exception {
        int port = start("none");

        master.die();

        assertThat(exitCode()).isZero();
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void aWorkerThatStillBootsHasNothingToFinish() throws Exception {
        start("none");

        master.say(new Message.Drain(60_000, Gate.CLOSE));

        assertThat(exitCode()).isZero();
    }

    @Test
    void aWorkerThatStillBootsCanBeToldToQuit() throws Exception {
        start("none");

        master.say(new Message.Quit());

        assertThat(exitCode()).isZero();
    }

    @Test
    void aWorkerWhoseDutiesFailWhenItsMasterDiesDiesToo() throws Exception {
        start("broken");

        master.die();

        assertThat(exitCode()).isEqualTo(1);
    }
}
