package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.dist.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where the distribution is, and from where and by whom it is started. */
class InstallationIT {

    @RegisterExtension
    final Workplace place = new Workplace();

    @Test
    void blanksAndOtherCharactersInEveryPath() throws IOException {
        Path opt = Files.createDirectory(place.folder().resolve("my \"own\" $programs & 'things' ü"));
        Path home = copyTo(opt.resolve("j corn"));
        Path app = Files.copy(Path.of(Workplace.hello()), opt.resolve("the app.jar"));
        Path pid = opt.resolve("the pid");
        Path socket = place.folder().resolve("a socket");
        try (RunningJcorn jcorn = place.jcorn(
                        "--pid", pid.toString(), "--bind", "127.0.0.1:0", "--bind", "unix:" + socket, app.toString())
                .from(home)
                // No archive is made for a copy that is used once.
                .env("JCORN_MASTER_JAVA_OPTS", "-Xshare:off")
                .start()) {
            assertThat(HttpConnection.get(jcorn.port(), "/pid").pid()).isEqualTo(jcorn.anyWorker());
            assertThat(Proc.commandLine(jcorn.anyWorker())).startsWith("jcorn: worker 0 [the app.jar] @");
            jcorn.signal("HUP");
            jcorn.awaitEvent("Worker exiting .*gen=1");
        }
    }

    @Test
    void throughLinksFromElsewhere() throws IOException {
        Path bin = Files.createDirectory(place.folder().resolve("bin"));
        Path link = Files.createSymbolicLink(bin.resolve("jcorn-real"), Distribution.launcher());
        Files.createSymbolicLink(
                bin.resolve("serve"), Path.of(link.getFileName().toString()));
        Path app = Files.copy(Path.of(Workplace.hello()), place.folder().resolve("hello.jar"));
        try (RunningJcorn jcorn = place.jcorn("hello.jar")
                .through(
                        "sh",
                        "-c",
                        "shift; cd \"$0\" && exec bin/serve \"$@\"",
                        place.folder().toString())
                .start()) {
            assertThat(HttpConnection.get(jcorn.port(), "/").status()).isEqualTo(200);
        }
        assertThat(app).exists();
    }

    @Test
    void ownedBySomebodyElseAndWithoutHome() throws IOException {
        for (List<String> home : List.of(List.of("-u", "HOME"), List.of("HOME=/nonexistent"), List.of("HOME="))) {
            Launch launch = place.jcorn("--workers", "2", Workplace.hello()).asNobody();
            try (RunningJcorn jcorn =
                    launch.through("env").through(home.toArray(String[]::new)).start()) {
                assertThat(HttpConnection.get(jcorn.port(), "/").status()).isEqualTo(200);
                assertThat(Proc.status(jcorn.anyWorker(), "Uid").orElse("")).startsWith("65534\t65534");
                assertThat(jcorn.log().toString()).doesNotContain("WARN");
                jcorn.signal("TERM");
                jcorn.assertExit(0);
            }
        }
    }

    /** The folder of somebody else, in which nothing was made yet, on a system where nothing but the temp folder can be written. */
    @Test
    void readOnlyAndUsedForTheFirstTime() throws IOException {
        Path home = copyTo(place.folder().resolve("opt"));
        try (RunningJcorn jcorn = place.jcorn(Workplace.hello())
                .from(home)
                .asNobody()
                .through("env", "-u", "HOME")
                .start()) {
            assertThat(HttpConnection.get(jcorn.port(), "/").status()).isEqualTo(200);
        }
        assertThat(home.resolve("lib/archive")).doesNotExist();
    }

    private static Path copyTo(Path home) throws IOException {
        Command.output(List.of("cp", "-R", Distribution.home().toString(), home.toString()));
        Command.output(List.of("rm", "-rf", home.resolve("lib/archive").toString()));
        return home;
    }
}
