package io.jcorn.it;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Users of a server: so many at a time, each asking one thing after the other, until told to stop or until the server is
 * gone. Exact rather than fast: nothing is retried, everything is counted.
 */
public final class LoadClient implements AutoCloseable {

    /** How a user connects. */
    public enum Style {
        /** One connection for as many requests as the server allows; it looks before it uses it again. */
        KEEP_ALIVE,
        /** A new connection for every request. */
        CONNECTION_PER_REQUEST
    }

    /**
     * What is asked for.
     *
     * @param path of a GET
     * @param body what the answer must be like, entirely
     */
    public record Question(String path, Pattern body) {

        /** The worker that answers, of {@code examples/hello}. */
        public static final Question PID =
                new Question("/pid", Pattern.compile("pid=[0-9]+ slot=[0-9]+ generation=[0-9]+\n"));

        /** Any path of a misbehaving application that behaves. */
        public static final Question BEHAVED = new Question("/", Pattern.compile("pid=[0-9]+\n"));

        /** An answer that takes its time, of {@code examples/hello}. */
        public static Question slow(int millis) {
            return new Question("/slow?ms=" + millis, Pattern.compile("This took " + millis + " ms\\.\n"));
        }

        /** An answer in pieces that takes its time, of {@code examples/hello}. */
        public static Question stream(int lines, int millis) {
            String line = "line [0-9]+ of " + lines + "\n";
            return new Question(
                    "/stream?n=" + lines + "&ms=" + millis, Pattern.compile("(" + line + "){" + lines + "}"));
        }
    }

    /** Users think between two requests: this much load shows every race and leaves a small machine to the server. */
    private static final long THINK_MILLIS = 4;

    private static final int SAMPLES = 12;

    private final int port;
    private final Style style;
    private final List<Question> questions;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final List<Thread> users = new ArrayList<>();
    private final AtomicLong ok = new AtomicLong();
    private final long started = System.nanoTime();
    private volatile long thinkMillis = THINK_MILLIS;

    private final Map<Loss, Long> losses = new EnumMap<>(Loss.class);
    private final SortedMap<Long, Long> answersByPid = new TreeMap<>();
    private final SortedMap<Long, Long> lossesByPid = new TreeMap<>();
    private final SortedSet<Integer> generations = new TreeSet<>();
    private final List<String> samples = new ArrayList<>();

    private LoadClient(int port, Style style, List<Question> questions) {
        this.port = port;
        this.style = style;
        this.questions = questions;
    }

    /** Starts so many users, who ask the questions in turn. */
    public static LoadClient start(int port, Style style, int users, Question... questions) {
        LoadClient client = new LoadClient(port, style, List.of(questions));
        for (int user = 0; user < users; user++) {
            Thread thread = new Thread(client.new User(user), "user-" + user);
            thread.setDaemon(true);
            client.users.add(thread);
            thread.start();
        }
        return client;
    }

    /**
     * From now on the users think longer, or not so long: where a start takes most of a machine, a test lets them be slow meanwhile
     * and hurry when it matters.
     */
    public LoadClient thinking(long millis) {
        thinkMillis = millis;
        return this;
    }

    /** As at the beginning. */
    public LoadClient hurrying() {
        return thinking(THINK_MILLIS);
    }

    /** Waits until so many more requests were answered. */
    public LoadClient awaitAnswers(int more) {
        long wanted = ok.get() + more;
        Await.until(more + " more answers; so far " + report(), () -> ok.get() >= wanted);
        return this;
    }

    /** Waits until each of these workers has answered. Only of questions whose answers tell who answers. */
    public LoadClient awaitAnswersOf(Set<Long> pids) {
        Await.until(
                "an answer of each of " + pids + "; so far " + report(),
                () -> report().answersByPid().keySet().containsAll(pids));
        return this;
    }

    /** Waits until every user was refused, which is when they give up. */
    public LoadReport awaitRefusal() {
        Await.until("all users are refused", () -> users.stream().noneMatch(Thread::isAlive));
        return report();
    }

    /** Lets every user finish the request it is in, and returns what they all saw. */
    public LoadReport stop() {
        stop.countDown();
        Await.until("all users go home", () -> users.stream().noneMatch(Thread::isAlive));
        return report();
    }

    @Override
    public void close() {
        stop();
    }

    private synchronized LoadReport report() {
        return new LoadReport(
                ok.get(),
                new EnumMap<>(losses),
                new TreeMap<>(answersByPid),
                new TreeMap<>(lossesByPid),
                new TreeSet<>(generations),
                List.copyOf(samples));
    }

    private synchronized void answered(Answer answer) {
        ok.incrementAndGet();
        answersByPid.merge(answer.pid(), 1L, Long::sum);
        if (answer.generation() > 0) {
            generations.add(answer.generation());
        }
    }

    private synchronized void lost(Loss loss, long pid, String what) {
        losses.merge(loss, 1L, Long::sum);
        if (loss != Loss.REFUSED) {
            lossesByPid.merge(pid, 1L, Long::sum);
        }
        if (samples.size() < SAMPLES) {
            samples.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started) + " ms: " + what);
        }
    }

    private boolean timeToLeave() throws InterruptedException {
        return stop.await(thinkMillis, TimeUnit.MILLISECONDS);
    }

    /** One user, on a thread of its own. */
    private final class User implements Runnable {

        private int next;
        private @Nullable HttpConnection connection;

        User(int first) {
            next = first;
        }

        @Override
        public void run() {
            try {
                boolean welcome = true;
                while (welcome && !timeToLeave()) {
                    welcome = ask(questions.get(next++ % questions.size()));
                }
                hangUp();
            } catch (IOException e) {
                lost(Loss.GARBLED, 0, "an end that nobody thought of: " + e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Returns false when the server is gone. */
        private boolean ask(Question question) throws IOException {
            try {
                Answer answer = connected().get(question.path());
                check(question, answer);
                if (style == Style.CONNECTION_PER_REQUEST || answer.last()) {
                    hangUp();
                }
                return true;
            } catch (LossException e) {
                lost(e.loss(), connection == null ? 0 : connection.lastPid(), question.path() + " " + situation() + e);
                hangUp();
                return e.loss() != Loss.REFUSED;
            }
        }

        private HttpConnection connected() throws IOException {
            HttpConnection open = connection;
            if (open != null && open.closedByServer()) {
                hangUp();
                open = null;
            }
            if (open == null) {
                open = HttpConnection.open(port);
                connection = open;
            }
            return open;
        }

        private void check(Question question, Answer answer) throws LossException {
            if (answer.status() != 200) {
                throw new LossException(Loss.BAD_STATUS, answer.toString());
            }
            if (!question.body().matcher(answer.body()).matches()) {
                throw new LossException(Loss.WRONG_BODY, answer.toString());
            }
            answered(answer);
        }

        private String situation() {
            return connection == null
                    ? "(connecting) "
                    : "(request " + (connection.answers() + 1) + " of its connection) ";
        }

        private void hangUp() throws IOException {
            if (connection != null) {
                connection.close();
                connection = null;
            }
        }
    }
}
