package io.jcorn.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How and by whom the server is started: signals that are ignored, process 1, environment, folder, name. */
class StartConditionsIT {

    /** A shell ends before the process that it has started, whose parent is then the master. */
    private static final String LEAVE_AN_ORPHAN =
            "new ProcessBuilder(\"sh\", \"-c\", \"sleep 0.2 >/dev/null 2>&1 & exit 3\").start().onExit().join().exitValue()";

    @RegisterExtension
    final Workplace place = new Workplace();

    @Test
    void signalsThatWereIgnoredWork() throws IOException {
        // nohup ignores HUP, a shell ignores INT and QUIT for what it runs in the background.
        try (RunningJcorn jcorn = place.jcorn(Workplace.hello())
                .through("sh", "-c", "trap '' HUP INT QUIT TERM USR1 CHLD; exec \"$@\"", "sh")
                .start()) {
            assertThat(Proc.status(jcorn.anyWorker(), "SigIgn")).contains("0000000000000000");
            long first = jcorn.anyWorker();
            jcorn.signal("HUP");
            jcorn.awaitEvent("Worker exiting \\(pid: " + first);
            assertThat(HttpConnection.get(jcorn.port(), "/pid").generation()).isEqualTo(2);
            jcorn.signal("INT");
            jcorn.awaitEvent("Handling signal: int");
            jcorn.assertExit(0);
        }
    }

    @Test
    void termThatWasIgnoredStops() throws IOException {
        try (RunningJcorn jcorn = place.jcorn(Workplace.hello())
                .through("sh", "-c", "trap '' TERM; exec \"$@\"", "sh")
                .start()) {
            jcorn.signal("TERM");
            jcorn.assertExit(0);
        }
    }

    @Test
    void signalsThatWereBlockedWork() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/perl")), "there is no perl");
        String block = "use POSIX; sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIGTERM, SIGHUP, SIGCHLD)); exec @ARGV";
        try (RunningJcorn jcorn = place.jcorn(Workplace.hello())
                .through("/usr/bin/perl", "-e", block, "--")
                .start()) {
            assertThat(Proc.status(jcorn.anyWorker(), "SigBlk")).contains("0000000000000000");
            jcorn.signal("TERM");
            jcorn.assertExit(0);
        }
    }

    @Test
    void asProcessOneOfItsNamespace() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can make namespaces everywhere");
        String[] namespace = {"unshare", "--pid", "--fork", "--mount-proc", "--kill-child"};
        assumeTrue(Command.succeeds("unshare", "--pid", "--fork", "--mount-proc", "true"), "no namespaces here");
        Path app = new App(place.folder(), "orphans")
                .answering("Orphans", LEAVE_AN_ORPHAN)
                .jar();
        try (RunningJcorn outside = place.jcorn("--workers", "2", app + ":Orphans")
                .through(namespace)
                .start()) {
            long master = Proc.children(outside.pid()).get(0);
            assertThat(Proc.status(master, "NSpid").orElse("")).endsWith("\t1");
            Answer answer = HttpConnection.get(outside.port(), "/");
            assertThat(answer.status()).isEqualTo(200);
            Await.until(
                    "the master reaps what the application left",
                    () -> Proc.children(master).size() == 2);
            assertThat(outside.log().toString()).doesNotContain("WARN", "exited");

            outside.mark();
            Proc.signal(master, "TERM");
            outside.awaitEvent("Shutting down: Master");
            outside.assertExit(0);
        }
    }

    @Test
    void foreignChildrenAreReapedQuietly() throws IOException {
        Path app = new App(place.folder(), "orphans")
                .answering("Orphans", LEAVE_AN_ORPHAN)
                .jar();
        try (RunningJcorn jcorn = place.jcorn(app + ":Orphans").start()) {
            assertThat(HttpConnection.get(jcorn.port(), "/").body()).isEqualTo("3");
            Await.until(
                    "the master reaps what the application left",
                    () -> Proc.children(jcorn.pid()).size() == 1);
            assertThat(jcorn.log().toString()).doesNotContain("WARN", "exited");
        }
    }

    @Test
    void environmentFolderAndNameReachTheApplication() throws IOException {
        Path elsewhere = Files.createDirectory(place.folder().resolve("else where"));
        Path app = new App(place.folder(), "tells")
                .answering(
                        "Tells",
                        "System.getenv(\"COLOR\") + '|' + System.getenv(\"EMPTY\") + '|' + System.getenv(\"KEPT\") + '|'"
                                + " + new java.io.File(\"\").getAbsolutePath() + '|' + System.getProperty(\"where\") + '|'"
                                + " + System.getenv(\"JCORN_WORKERS\") + '|' + ProcessHandle.current().pid()")
                .jar();
        try (RunningJcorn jcorn = place.jcorn(
                        "-e",
                        "COLOR=blue = \"ü\"",
                        "--env",
                        "EMPTY=",
                        "--chdir",
                        elsewhere.toString(),
                        "--name",
                        "shop",
                        "--java-opt=-Dwhere={slot}/{generation}/{pid}",
                        "../tells.jar:Tells")
                .env("KEPT", "as it was")
                .env("COLOR", "red")
                .env("JCORN_WORKERS", "1")
                .start()) {
            long worker = jcorn.anyWorker();
            assertThat(HttpConnection.get(jcorn.port(), "/").body())
                    .isEqualTo(utf8("blue = \"ü\"||as it was|" + elsewhere + "|0/1/" + worker + "|null|" + worker));
            assertThat(Proc.commandLine(jcorn.pid())).isEqualTo("jcorn: master [shop]");
            assertThat(Proc.commandLine(worker)).startsWith("jcorn: worker 0 [shop] @");
            assertThat(Proc.commandLine(jcorn.pid())).doesNotContain("java");

            jcorn.signal("HUP");
            jcorn.awaitEvent("Worker exiting \\(pid: " + worker);
            assertThat(HttpConnection.get(jcorn.port(), "/").body()).contains("|0/2/" + jcorn.anyWorker() + "|");
        }
        assertThat(app).exists();
    }

    /** The client reads bytes as characters. */
    private static String utf8(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    @Test
    void fileEnvironmentAndFlagsInThisOrder() throws IOException {
        Path file = Files.writeString(
                place.folder().resolve("jcorn.conf"), "workers = 2\nthreads = 3\nbacklog = 100\ntimeout = 7\n");
        String text = place.jcorn("-c", file.toString(), "--threads", "5", "--print-config", Workplace.hello())
                .env("WEB_CONCURRENCY", "6")
                .env("JCORN_THREADS", "4")
                .env("JCORN_BACKLOG", "200")
                .env("PORT", "1234")
                .refused(0);

        assertThat(text)
                .containsPattern("workers = 6 .*WEB_CONCURRENCY")
                .containsPattern("threads = 5 .*--threads")
                .containsPattern("backlog = 200 .*JCORN_BACKLOG")
                .containsPattern("timeout = \"?7s?\"? .*jcorn.conf:4")
                .containsPattern("bind = .*0.0.0.0:1234.*PORT")
                .containsPattern("keep-alive = \"?2s\"? .*default");
    }

    @Test
    void numbersOfAPlatform() throws IOException {
        try (RunningJcorn jcorn = place.jcorn(Workplace.hello())
                .withoutBind()
                .env("WEB_CONCURRENCY", "2")
                .env("PORT", "0")
                .start()) {
            jcorn.awaitEvent("Listening at: http://0.0.0.0:" + jcorn.port() + " ");
            assertThat(jcorn.workers()).hasSize(2);
        }
    }
}
