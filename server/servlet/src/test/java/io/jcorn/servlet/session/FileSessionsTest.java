package io.jcorn.servlet.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.session.SessionContext;
import org.eclipse.jetty.session.SessionData;
import org.eclipse.jetty.session.UnreadableSessionDataException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What two workers see of each other's sessions. */
@SuppressWarnings("NullAway.Init")
class FileSessionsTest {

    private static final long HOUR = 3_600_000;

    @TempDir
    Path root;

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private FileSessions one;
    private FileSessions two;

    /** The context of a server, without a server. */
    private static final class Context extends SessionContext {
        Context() {
            _canonicalContextPath = "/shop";
            _vhost = "0.0.0.0";
            _workerName = "";
        }
    }

    private FileSessions store() throws Exception {
        FileSessions store = new FileSessions(root, Log.to(log, LogLevel.INFO, 1, Clock.systemUTC()));
        store.initialize(new Context());
        store.start();
        return store;
    }

    @BeforeEach
    void start() throws Exception {
        one = store();
        two = store();
    }

    private SessionData begin(String id) throws Exception {
        long now = System.currentTimeMillis();
        SessionData data = one.newSessionData(id, now, now, now, HOUR);
        data.setAttribute("list", new ArrayList<>(List.of("a")));
        one.store(id, data);
        return data;
    }

    @SuppressWarnings("unchecked")
    private static List<String> list(SessionData data) {
        return (List<String>) data.getAttribute("list");
    }

    /** Ends a request as Jetty does: the time of the access has changed at least. */
    private static void end(FileSessions store, SessionData data) throws Exception {
        data.setAccessed(data.getAccessed() + 10);
        data.calcAndSetExpiry(data.getAccessed());
        store.store(data.getId(), data);
    }

    @Test
    void whatOneBeginsTheOtherContinues() throws Exception {
        begin("id1");

        SessionData there = two.load("id1");
        assertThat(list(there)).containsExactly("a");
        assertThat(there.getMaxInactiveMs()).isEqualTo(HOUR);
        assertThat(two.exists("id1")).isTrue();
        assertThat(two.exists("id2")).isFalse();
        assertThat(two.load("id2")).isNull();
    }

    @Test
    void aChangeInsideOfAnObjectCounts() throws Exception {
        begin("id1");
        SessionData there = two.load("id1");
        list(there).add("b");
        end(two, there);

        assertThat(list(one.load("id1"))).containsExactly("a", "b");
    }

    @Test
    void whoChangesNothingUndoesNothing() throws Exception {
        begin("id1");
        SessionData slow = one.load("id1");
        SessionData quick = two.load("id1");
        quick.setAttribute("list", new ArrayList<>(List.of("new")));
        end(two, quick);
        end(one, slow);

        assertThat(list(one.load("id1"))).containsExactly("new");
    }

    @Test
    void whoWritesLastWins() throws Exception {
        begin("id1");
        SessionData slow = one.load("id1");
        SessionData quick = two.load("id1");
        list(quick).add("quick");
        end(two, quick);
        list(slow).add("slow");
        end(one, slow);

        assertThat(list(two.load("id1"))).containsExactly("a", "slow");
    }

    @Test
    void whatIsEndedStaysEnded() throws Exception {
        begin("id1");
        SessionData slow = one.load("id1");
        assertThat(two.delete("id1")).isTrue();
        list(slow).add("slow");
        end(one, slow);

        assertThat(two.load("id1")).isNull();
        assertThat(one.delete("id1")).isFalse();
    }

    @Test
    void anAccessIsSeenByAll() throws Exception {
        SessionData data = begin("id1");
        SessionData there = two.load("id1");
        end(two, there);

        assertThat(one.load("id1").getAccessed()).isEqualTo(data.getAccessed() + 10);
        assertThat(one.load("id1").getExpiry()).isEqualTo(data.getAccessed() + 10 + HOUR);
    }

    @Test
    void anotherLifetimeIsStored() throws Exception {
        begin("id1");
        SessionData there = two.load("id1");
        there.setMaxInactiveMs(5 * HOUR);
        end(two, there);

        assertThat(one.load("id1").getMaxInactiveMs()).isEqualTo(5 * HOUR);
    }

    @Test
    void theExpiredAreNotThereAndAreFound() throws Exception {
        long past = System.currentTimeMillis() - 2 * HOUR;
        SessionData data = one.newSessionData("old", past, past, past, HOUR);
        one.store("old", data);
        begin("fresh");

        assertThat(two.exists("old")).isFalse();
        assertThat(two.doGetExpired(System.currentTimeMillis())).containsExactly("old");
        assertThat(two.doCheckExpired(Set.of("old", "fresh", "never"), System.currentTimeMillis()))
                .containsExactlyInAnyOrder("old", "never");
    }

    @Test
    void whatCannotBeReadIsToldAndGivenUp() throws Exception {
        begin("id1");
        Path file = root.resolve("context-%2Fshop/id1");
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 5));

        assertThatExceptionOfType(UnreadableSessionDataException.class).isThrownBy(() -> two.load("id1"));
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("WARNING", "cannot be read");
    }
}
