package io.jcorn.master.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.master.posix.LinuxPosix;
import io.jcorn.master.posix.PosixException;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.Message;
import io.jcorn.wire.Message.Gate;
import io.jcorn.wire.MessageCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over real socket pairs; the test is the workers. */
@Timeout(60)
class ControlChannelsTest {

    private final LinuxPosix posix = new LinuxPosix();
    private final int openBefore = openDescriptors();
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final ControlChannels channels = new ControlChannels(
            posix,
            new ControlChannels.Listener() {
                @Override
                public void told(long worker, Message.FromWorker message) {
                    heard.add(worker + " told " + message);
                }

                @Override
                public void closed(long worker) {
                    heard.add(worker + " closed");
                }
            },
            Log.to(logged, LogLevel.DEBUG, 1, Clock.systemUTC()));
    private final List<Integer> open = new ArrayList<>();

    ControlChannelsTest() throws PosixException {}

    @AfterEach
    void leaveNothing() {
        channels.close();
        open.forEach(posix::close);
        // The JDK's own (a temporary file, /proc) come and go; channels come in dozens.
        assertThat(openDescriptors()).isLessThan(openBefore + 8);
    }

    private static int openDescriptors() {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return (int) descriptors.count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private int worker(long number) throws PosixException {
        int descriptor = channels.open(number);
        open.add(descriptor);
        return descriptor;
    }

    private void die(int descriptor) {
        open.remove((Integer) descriptor);
        posix.close(descriptor);
    }

    private void say(int descriptor, byte[] bytes) throws PosixException {
        int at = 0;
        while (at < bytes.length) {
            at += posix.send(descriptor, bytes, at, bytes.length - at);
        }
    }

    private void say(int descriptor, Message message) throws PosixException {
        say(descriptor, MessageCodec.encode(message));
    }

    private @Nullable String next() throws InterruptedException {
        return heard.poll(20, TimeUnit.SECONDS);
    }

    private List<Message> received(int descriptor, int count) throws IOException {
        MessageCodec.Decoder decoder = new MessageCodec.Decoder();
        List<Message> messages = new ArrayList<>();
        byte[] buffer = new byte[4096];
        while (messages.size() < count) {
            posix.poll(new int[] {descriptor}, 20_000);
            messages.addAll(decoder.feed(buffer, 0, Math.max(0, posix.receive(descriptor, buffer))));
        }
        return messages;
    }

    @Test
    void messagesGoBothWays() throws Exception {
        int worker = worker(7);

        say(worker, new Message.Ready("app"));
        assertThat(next()).isEqualTo("7 told Ready[application=app]");

        assertThat(channels.send(7, new Message.Drain(30_000, Gate.KEEP_OPEN))).isTrue();
        assertThat(channels.send(7, new Message.CloseGate())).isTrue();
        assertThat(received(worker, 2))
                .containsExactly(new Message.Drain(30_000, Gate.KEEP_OPEN), new Message.CloseGate());
    }

    @Test
    void aLongMessageComesWhole() throws Exception {
        int worker = worker(1);
        String text = "x".repeat(MessageCodec.MAX_FRAME - 100);

        say(worker, new Message.Dump(text));

        assertThat(next()).isEqualTo("1 told Dump[text=" + text + "]");
    }

    @Test
    void lastWordsComeBeforeTheEnd() throws Exception {
        int worker = worker(3);
        say(worker, new Message.Leaving("signal TERM"));
        say(worker, new Message.Drained(0));
        die(worker);

        assertThat(next()).isEqualTo("3 told Leaving[reason=signal TERM]");
        assertThat(next()).isEqualTo("3 told Drained[unfinished=0]");
        assertThat(next()).isEqualTo("3 closed");
        assertThat(channels.send(3, new Message.Quit())).isFalse();
    }

    @Test
    void whoIsHeardOutHasBeenHeardWhenTheCallReturns() throws Exception {
        for (long number = 1; number <= 200; number++) {
            int worker = worker(number);
            say(worker, new Message.Leaving("x".repeat(40_000)));
            say(worker, new Message.Drained(0));
            die(worker);

            channels.hearOut(number);

            List<String> words = new ArrayList<>();
            heard.drainTo(words);
            assertThat(words).hasSize(3).last().isEqualTo(number + " closed");
            channels.close(number);
        }
        channels.hearOut(201);
    }

    @Test
    void whoStillLivesCanBeHeardOutToo() throws Exception {
        int worker = worker(1);
        channels.hearOut(1);
        say(worker, new Message.Drained(1));
        channels.hearOut(1);

        assertThat(heard).containsExactly("1 told Drained[unfinished=1]");
    }

    @Test
    void whoTalksRubbishIsGivenUp() throws Exception {
        int worker = worker(4);
        int other = worker(5);

        say(worker, "GET / HTTP/1.1\r\n".getBytes(UTF_8));

        assertThat(next()).isEqualTo("4 closed");
        assertThat(logged.toString(UTF_8))
                .contains("[ERROR] Worker number 4 is given up: not a frame of the control channel: length 1195725856");
        awaitEndOfFile(worker);
        say(other, new Message.Ready("app"));
        assertThat(next()).isEqualTo("5 told Ready[application=app]");
    }

    @Test
    void whoTalksLikeAMasterIsGivenUp() throws Exception {
        int worker = worker(4);

        say(worker, new Message.Quit());

        assertThat(next()).isEqualTo("4 closed");
        assertThat(logged.toString(UTF_8)).contains("a worker does not say Quit[]");
    }

    @Test
    void whoDoesNotReadIsNotWaitedFor() throws Exception {
        int worker = worker(1);
        int taken = 0;
        while (channels.send(1, new Message.ReopenLogs())) {
            taken++;
        }

        assertThat(taken).isPositive();
        // What it was told before is whole: the message that did not fit is not there in part.
        assertThat(received(worker, taken)).hasSize(taken);
        assertThat(channels.send(1, new Message.Quit())).isTrue();
        assertThat(received(worker, 1)).containsExactly(new Message.Quit());
    }

    @Test
    void manyWorkersAreHeardAtOnce() throws Exception {
        Map<Long, Integer> workers = new HashMap<>();
        for (long number = 0; number < 300; number++) {
            workers.put(number, worker(number));
        }
        for (Map.Entry<Long, Integer> worker : workers.entrySet()) {
            say(worker.getValue(), new Message.Drained((int) (long) worker.getKey()));
        }
        List<String> expected = new ArrayList<>();
        List<String> told = new ArrayList<>();
        for (long number = 0; number < 300; number++) {
            expected.add(number + " told Drained[unfinished=" + number + "]");
            told.add(String.valueOf(next()));
        }
        assertThat(told).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void closingTellsTheWorkerAndNobodyElse() throws Exception {
        int worker = worker(1);
        channels.close(1);
        channels.close(1);
        channels.close(99);

        awaitEndOfFile(worker);
        assertThat(heard).isEmpty();
        assertThat(channels.send(1, new Message.Quit())).isFalse();
    }

    @Test
    void openingSendingAndDyingMayMeet() throws Exception {
        // The workers die while they are told something and others are born with their numbers.
        Thread killer = null;
        for (long number = 0; number < 500; number++) {
            int worker = channels.open(number);
            Thread dying = new Thread(() -> posix.close(worker));
            dying.start();
            for (int i = 0; i < 10; i++) {
                channels.send(number, new Message.ReopenLogs());
            }
            if (killer != null) {
                killer.join();
                channels.close(number - 1);
            }
            killer = dying;
        }
        int last = worker(1_000);
        assertThat(channels.send(1_000, new Message.Quit())).isTrue();
        assertThat(received(last, 1)).containsExactly(new Message.Quit());
        assertThat(logged.toString(UTF_8)).doesNotContain("[ERROR]");
    }

    @Test
    void whoeverStopsIsTakenForDead() throws Exception {
        int one = worker(1);
        int two = worker(2);

        channels.close();
        channels.close();

        awaitEndOfFile(one);
        awaitEndOfFile(two);
        assertThat(heard).isEmpty();
        channels.close(1);
        assertThat(channels.send(2, new Message.Quit())).isFalse();
    }

    private void awaitEndOfFile(int descriptor) throws PosixException {
        byte[] buffer = new byte[64];
        int length = 0;
        while (length >= 0) {
            posix.poll(new int[] {descriptor}, 20_000);
            length = posix.receive(descriptor, buffer);
        }
    }
}
