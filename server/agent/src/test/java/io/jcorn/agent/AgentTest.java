package io.jcorn.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.agent.Inheritance.MasterSide;
import io.jcorn.wire.Handover;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.Message;
import io.jcorn.wire.Message.Gate;
import io.jcorn.wire.MessageCodec;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.Scoreboard.WorkerPhase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class AgentTest {

    private final Path folder;
    private final MasterSide master;
    private final Inheritance inheritance;
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final Log log = Log.to(logged, LogLevel.DEBUG, 1, Clock.systemUTC());
    private final RecordedDuties duties = new RecordedDuties();

    AgentTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        master = new MasterSide(folder);
        inheritance = new Inheritance(master.path(), folder);
    }

    @AfterEach
    void leaveNothing() throws Exception {
        master.close();
        // An agent that learns of its master's death later would replace a descriptor that the next test was given.
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("jcorn-control")) {
                thread.join(10_000);
            }
        }
        inheritance.close();
    }

    private Agent start(Duties duties) throws IOException {
        Agent agent = Agent.start(inheritance.handover(), log);
        agent.assign(duties);
        return agent;
    }

    @Test
    void theRowSaysWhoBoots() throws IOException {
        Agent agent = start(duties);

        Scoreboard.Row row = inheritance.scoreboard().row(7);
        assertThat(row.get(Cell.PID)).isEqualTo(ProcessHandle.current().pid());
        assertThat(row.get(Cell.SLOT)).isEqualTo(3);
        assertThat(row.get(Cell.GENERATION)).isEqualTo(2);
        assertThat(row.phase()).isEqualTo(WorkerPhase.BOOTING);
        assertThat(row.get(Cell.BEAT)).isZero();

        long before = System.nanoTime();
        agent.beat();
        assertThat(row.get(Cell.BEAT)).isBetween(before, System.nanoTime());
        assertThat(agent.row().index()).isEqualTo(7);
        assertThat(agent.handover()).isEqualTo(inheritance.handover());
    }

    @Test
    void everyCommandBecomesItsDutyInOrder() throws Exception {
        start(duties);
        master.say(new Message.Activate());
        master.say(new Message.ReopenLogs());
        master.say(new Message.Drain(1500, Gate.KEEP_OPEN));
        master.say(new Message.CloseGate());
        master.say(new Message.Drain(0, Gate.CLOSE));
        master.say(new Message.Quit());

        for (String expected :
                List.of("activate", "reopen logs", "drain 1500 true", "close gate", "drain 0 false", "quit")) {
            assertThat(duties.next()).isEqualTo(expected);
        }
    }

    @Test
    void theMasterHearsWhatItIsTold() throws Exception {
        Agent agent = start(duties);
        agent.tell(new Message.Ready("app"));
        agent.tell(new Message.Drained(2));

        assertThat(master.hear()).isEqualTo(new Message.Ready("app"));
        assertThat(master.hear()).isEqualTo(new Message.Drained(2));
    }

    @Test
    void messagesOfSeveralThreadsAreNotMixed() throws Exception {
        Agent agent = start(duties);
        Message.Dump dump = new Message.Dump("x".repeat(300_000));
        for (int i = 0; i < 4; i++) {
            new Thread(() -> agent.tell(dump)).start();
        }
        for (int i = 0; i < 4; i++) {
            assertThat(master.hear()).isEqualTo(dump);
        }
    }

    @Test
    void endOfFileClosesTheListenersAndIsTold() throws Exception {
        start(duties);
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), inheritance.port())) {
            assertThat(client.isConnected()).isTrue();
        }

        master.die();

        assertThat(duties.next()).isEqualTo("master died");
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), inheritance.port()))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void aMasterThatTalksRubbishIsDead() throws Exception {
        start(duties);

        master.write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        assertThat(duties.next()).isEqualTo("master died");
    }

    @Test
    void aMasterThatBreaksOffInsideAMessageIsDead() throws Exception {
        start(duties);
        byte[] frame = MessageCodec.encode(new Message.Drain(1, Gate.CLOSE));

        master.write(java.util.Arrays.copyOf(frame, frame.length - 1));
        master.die();

        assertThat(duties.next()).isEqualTo("master died");
    }

    @Test
    void aDumpIsAnsweredAndDeathNoticedWhileADutyBlocks() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        RecordedDuties stuck = new RecordedDuties() {
            @Override
            public void reopenLogs() {
                blocked.countDown();
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        start(stuck);
        master.say(new Message.ReopenLogs());
        blocked.await();

        master.say(new Message.DumpRequest());
        assertThat(master.hear())
                .isInstanceOfSatisfying(
                        Message.Dump.class,
                        dump -> assertThat(dump.text())
                                .startsWith("heap: ")
                                .contains("\"jcorn-control\"", "reopenLogs"));

        master.die();
        assertThat(stuck.next()).isEqualTo("master died");
        never.countDown();
    }

    @Test
    void aDutyThatThrowsIsADefectAndTheNextOneIsDone() throws Exception {
        RecordedDuties broken = new RecordedDuties() {
            @Override
            public void closeGate() {
                throw new IllegalStateException("no loop");
            }
        };
        start(broken);
        master.say(new Message.CloseGate());
        master.say(new Message.Activate());

        assertThat(broken.next()).isEqualTo("activate");
        assertThat(logged.toString(StandardCharsets.UTF_8))
                .contains(
                        "[ERROR] A defect in jcorn: CloseGate[] failed with java.lang.IllegalStateException: no loop");
    }

    @Test
    void whatOnlyAWorkerSaysIsIgnored() throws Exception {
        start(duties);
        master.say(new Message.Ready("me too"));
        master.say(new Message.Activate());

        assertThat(duties.next()).isEqualTo("activate");
        assertThat(logged.toString(StandardCharsets.UTF_8)).contains("A master does not say Ready");
    }

    @Test
    void aDeadMasterIsToldNothingAndNothingIsThrown() throws Exception {
        Agent agent = start(duties);
        master.die();
        assertThat(duties.next()).isEqualTo("master died");

        agent.tell(new Message.Ready("app"));

        assertThat(logged.toString(StandardCharsets.UTF_8)).contains("[DEBUG] The master cannot be told Ready");
    }

    @Test
    void whoLeavesHearsNothingOfTheMastersDeath() throws Exception {
        Agent agent = start(duties);
        Thread control = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("jcorn-control"))
                .reduce((one, two) -> one.getId() > two.getId() ? one : two)
                .orElseThrow();

        agent.leave();
        control.join();
        duties.activate();

        assertThat(duties.next()).isEqualTo("activate");
    }

    @Test
    void logsAreReopenedWhileTheApplicationLoads() throws Exception {
        Path file = folder.resolve("error.log");
        Log log = Log.toFile(file, LogLevel.INFO);
        Agent agent = Agent.start(inheritance.handover(), log);
        Files.move(file, folder.resolve("error.log.1"));
        master.say(new Message.ReopenLogs());
        // Answered by another thread, but read after the one before.
        master.say(new Message.DumpRequest());
        assertThat(master.hear()).isInstanceOf(Message.Dump.class);
        agent.assign(duties);

        log.info("after");

        assertThat(file).content().contains("after");
    }

    @Test
    void whatTheMasterCouldNotKnowIsFilledIn() throws Exception {
        System.setProperty("jcorn.test.file", "/tmp/{pid}/a-{pid}.log");
        System.setProperty("jcorn.test.other", "{slot}");
        try {
            start(duties);
            long pid = ProcessHandle.current().pid();
            assertThat(System.getProperty("jcorn.test.file")).isEqualTo("/tmp/" + pid + "/a-" + pid + ".log");
            assertThat(System.getProperty("jcorn.test.other")).isEqualTo("{slot}");
        } finally {
            System.clearProperty("jcorn.test.file");
            System.clearProperty("jcorn.test.other");
        }
    }

    @Test
    void theProcessIsNamedAfterItsSlot() throws Exception {
        String before = Files.readString(Path.of("/proc/self/comm"));
        try {
            start(duties);
            assertThat(Files.readString(Path.of("/proc/self/comm"))).isEqualTo("jcorn-worker-3\n");
        } finally {
            Files.writeString(Path.of("/proc/self/comm"), before.trim());
        }
    }

    @Test
    void aDescriptorThatWasNotInheritedIsNamed() throws IOException {
        Handover whole = inheritance.handover();
        Handover noControl = new Handover(0, 1, 987_654, whole.scoreboard(), 0, whole.listeners());
        Handover noListener = new Handover(
                0,
                1,
                whole.control(),
                whole.scoreboard(),
                0,
                List.of(new Handover.InheritedListener(987_655, "127.0.0.1:1")));

        assertThatThrownBy(() -> Agent.start(noControl, log))
                .isInstanceOf(IOException.class)
                .hasMessage("descriptor 987654 of JCORN_HANDOVER is not open: only a jcorn master starts this program");
        assertThatThrownBy(() -> Agent.start(noListener, log))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("descriptor 987655 ");
    }
}
