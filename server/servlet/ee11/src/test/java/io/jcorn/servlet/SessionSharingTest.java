package io.jcorn.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import example.Counter;
import io.jcorn.servlet.RunningServer.Options;
import io.jcorn.wire.ServletOptions.Sessions.Kind;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that several workers share. */
@SuppressWarnings("NullAway.Init")
class SessionSharingTest {

    @TempDir
    Path folder;

    private Options shared;
    private String cookie = "";

    @BeforeEach
    void writeApplication() throws Exception {
        Path war = TestArchive.war(Counter.class)
                .add(Class.forName("example.Counter$Count"))
                .write(folder.resolve("app.war"));
        shared = Options.of(war).sessions(Kind.FILE, folder.resolve("sessions"));
    }

    /** Sends a request of the one client of this test. */
    private String ask(RunningServer server, String query) throws Exception {
        HttpResponse<String> answer = server.get("/counter" + query, "Cookie", cookie);
        answer.headers().firstValue("Set-Cookie").ifPresent(set -> cookie = set.replaceFirst(";.*", ""));
        return answer.body().strip();
    }

    @Test
    void allWorkersSeeWhatOneHasWritten() throws Exception {
        try (RunningServer one = RunningServer.start(shared);
                RunningServer two = RunningServer.start(shared)) {
            assertThat(ask(one, "")).isEqualTo("count=1");
            assertThat(ask(two, "")).isEqualTo("count=2");
            assertThat(ask(one, "")).isEqualTo("count=3");
            assertThat(ask(two, "?act=look")).isEqualTo("count=3");
        }
        try (RunningServer three = RunningServer.start(shared)) {
            assertThat(ask(three, "")).isEqualTo("count=4");
        }
    }

    @Test
    void whatOneEndsIsEndedForAll() throws Exception {
        try (RunningServer one = RunningServer.start(shared);
                RunningServer two = RunningServer.start(shared)) {
            ask(one, "");
            String before = cookie;
            assertThat(ask(two, "?act=end")).isEqualTo("ended");
            cookie = before;
            assertThat(ask(one, "?act=look")).isEqualTo("none");
            assertThat(ask(one, "")).isEqualTo("count=1");
            assertThat(cookie).isNotEqualTo(before);
        }
    }

    @Test
    void aRenewedIdReplacesTheOldOneEverywhere() throws Exception {
        try (RunningServer one = RunningServer.start(shared);
                RunningServer two = RunningServer.start(shared)) {
            ask(one, "");
            String before = cookie;
            assertThat(ask(two, "?act=renew")).isEqualTo("count=1");
            assertThat(cookie).isNotEqualTo(before);
            assertThat(ask(one, "?act=look")).isEqualTo("count=1");
            cookie = before;
            assertThat(ask(one, "?act=look")).isEqualTo("none");
        }
    }

    @Test
    void nobodyChoosesHisOwnId() throws Exception {
        try (RunningServer server = RunningServer.start(shared)) {
            for (String id :
                    List.of("chosen0123456789", "../../../../etc/passwd", "%2e%2e%2fx", "a/b", "..", "x".repeat(200))) {
                cookie = "JSESSIONID=" + id;
                assertThat(ask(server, "?act=look")).isEqualTo("none");
                assertThat(ask(server, "")).isEqualTo("count=1");
                assertThat(cookie).isNotEqualTo("JSESSIONID=" + id);
            }
        }
    }

    @Test
    void theFilesAreTheirUsersOnly() throws Exception {
        try (RunningServer server = RunningServer.start(shared)) {
            ask(server, "");
            try (Stream<Path> all = Files.walk(folder.resolve("sessions"))) {
                assertThat(all)
                        .hasSize(3)
                        .allSatisfy(
                                path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                                        .endsWith("------"));
            }
        }
    }

    @Test
    void whatCannotBeSerialisedIsToldAndTheRestIsKept() throws Exception {
        try (RunningServer one = RunningServer.start(shared);
                RunningServer two = RunningServer.start(shared)) {
            ask(one, "");
            assertThat(ask(one, "?act=bad")).isEqualTo("count=1");
            assertThat(ask(two, "")).isEqualTo("count=2");
            assertThat(one.logged().lines())
                    .hasSize(1)
                    .allSatisfy(line ->
                            assertThat(line).contains("WARNING", "\"thread\"", "java.lang.Thread", "serialised"));
        }
    }

    @Test
    void theCookieIsCarefulByItself() throws Exception {
        try (RunningServer server = RunningServer.start(shared)) {
            assertThat(server.get("/counter").headers().firstValue("Set-Cookie").orElse(""))
                    .contains("; Path=/", "; HttpOnly", "; SameSite=Lax");
        }
    }

    @Test
    void theDescriptorDecidesOnTheCookie() throws Exception {
        Path war = TestArchive.war(Counter.class)
                .add(Class.forName("example.Counter$Count"))
                .file("WEB-INF/web.xml", """
                        <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                          <session-config>
                            <cookie-config><name>MINE</name><http-only>false</http-only><secure>true</secure></cookie-config>
                          </session-config>
                        </web-app>
                        """)
                .write(folder.resolve("own.war"));
        try (RunningServer server = RunningServer.start(Options.of(war))) {
            assertThat(server.get("/counter").headers().firstValue("Set-Cookie").orElse(""))
                    .startsWith("MINE=")
                    .contains("; Secure")
                    .doesNotContain("HttpOnly");
        }
    }

    @Test
    void aDatabaseIsShared() throws Exception {
        Options database = shared.sessions(Kind.JDBC, "jdbc:h2:mem:sessions;DB_CLOSE_DELAY=-1");
        try (RunningServer one = RunningServer.start(database);
                RunningServer two = RunningServer.start(database)) {
            assertThat(ask(one, "")).isEqualTo("count=1");
            assertThat(ask(two, "")).isEqualTo("count=2");
            assertThat(ask(one, "?act=end")).isEqualTo("ended");
            assertThat(ask(two, "?act=look")).isEqualTo("none");
        }
    }
}
