package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings, files and folders with which no server starts: the cause, the cure, the exit code, and nothing left behind. */
class RefusedConfigurationIT {

    @RegisterExtension
    final Workplace place = new Workplace();

    @Test
    void nothingToServe() throws IOException {
        assertThat(place.jcorn().refused(1)).contains("no application is named", "jcorn app.jar");
    }

    @ParameterizedTest
    @CsvSource({
        "--worker, unknown option --worker; did you mean --workers? See jcorn --help.",
        "--frobnicate, unknown option --frobnicate. See jcorn --help.",
        "-w, the option -w wants a value: jcorn -w N",
    })
    void flagsThatDoNotExist(String flag, String message) throws IOException {
        String text = place.jcorn(Workplace.hello(), flag).refused(2);

        assertThat(text).startsWith("jcorn: ").hasLineCount(1);
        assertThat(text).contains(flag.equals("-w") ? "-w" : message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "workers = {         | jcorn.conf:2:          | expecting a close",
                "workrs = 3          | jcorn.conf:1: workrs:  | did you mean workers?",
                "workers = many      | jcorn.conf:1: workers: | a whole number from 1 to 512, or auto",
                "workers = 0         | jcorn.conf:1: workers: | a whole number from 1 to 512, or auto",
                "graceful_timeout = 3| jcorn.conf:1:          | did you mean graceful-timeout?",
                "bind = \"1.2.3.4\"    | jcorn.conf:1: bind:  | HOST:PORT",
            })
    void filesWithMistakes(String content, String where, String what) throws IOException {
        Path file = Files.writeString(place.folder().resolve("jcorn.conf"), content + "\n");

        String text = place.jcorn("-c", file.toString(), Workplace.hello()).refused(1);

        assertThat(text).contains(where, what).hasLineCount(1);
    }

    @Test
    void allMistakesAtOnce() throws IOException {
        Path file = Files.writeString(place.folder().resolve("jcorn.conf"), "# one\ntimeot = 3\nbacklog = -1\n");

        String text = place.jcorn("-c", file.toString(), "--workers", "x", place.folder() + "/no.jar")
                .env("JCORN_WORKRES", "3")
                .refused(1);

        assertThat(text)
                .contains("jcorn.conf:2: timeot", "jcorn.conf:3: backlog", "--workers: \"x\"", "JCORN_WORKRES")
                .contains("did you mean JCORN_WORKERS?");
    }

    @Test
    void filesThatAreNotThere() throws IOException {
        Path nowhere = place.folder().resolve("nowhere");

        assertThat(place.jcorn("-c", nowhere.toString(), Workplace.hello()).refused(1))
                .contains(nowhere + ": there is no such file");
        assertThat(place.jcorn("--chdir", nowhere.toString(), Workplace.hello()).refused(1))
                .contains("--chdir: " + nowhere + ": there is no such folder");
        assertThat(place.jcorn("--pid", nowhere + "/pid", Workplace.hello()).refused(1))
                .contains("--pid: the folder " + nowhere + " does not exist. Make it: mkdir -p");
        assertThat(place.jcorn("--error-logfile", nowhere + "/log", Workplace.hello())
                        .refused(1))
                .contains("--error-logfile: the folder " + nowhere + " does not exist. Make it: mkdir -p");
    }

    @Test
    void foldersThatAreClosed() throws IOException {
        Path closed = Files.createDirectory(place.folder().resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));

        assertThat(place.jcorn("--chdir", closed.toString(), Workplace.hello())
                        .asNobody()
                        .refused(1))
                .contains("--chdir: " + closed + " cannot be entered: permission denied for user nobody");
        assertThat(place.jcorn("--error-logfile", closed + "/log", Workplace.hello())
                        .asNobody()
                        .refused(1))
                .contains("--error-logfile: the file cannot be opened: " + closed + "/log: Permission denied");
        assertThat(place.jcorn("--pid", closed + "/pid", Workplace.hello())
                        .asNobody()
                        .refused(1))
                .contains(closed + "/pid", "Permission denied");
        assertThat(place.jcorn("--bind", "unix:" + closed + "/socket", Workplace.hello())
                        .asNobody()
                        .refused(1))
                .contains("permission denied (EACCES)", "The folder " + closed + " belongs to root, mode rwx------");
        assertThat(closed).isEmptyDirectory();
    }

    @Test
    void tempFolderThatIsNotThere() throws IOException {
        Path nowhere = place.folder().resolve("nowhere");

        assertThat(place.jcorn(Workplace.hello())
                        .through("env", "TMPDIR=" + nowhere)
                        .refused(1))
                .contains(nowhere.toString(), "et TMPDIR to a");
    }

    @Test
    void tempFolderThatIsClosed() throws IOException {
        Path closed = Files.createDirectory(place.folder().resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwxr-xr-x"));

        // The native code would also be unpacked into the current folder.
        for (String folder : List.of(closed.toString(), ".")) {
            assertThat(place.jcorn(Workplace.hello())
                            .through("env", "TMPDIR=" + closed, "sh", "-c", "cd " + folder + " && exec \"$@\"", "sh")
                            .asNobody()
                            .refused(1))
                    .contains(closed.toString(), "et TMPDIR to a");
        }
    }

    @Test
    void tempFolderWithoutSpace() throws IOException {
        assertThat(onTmpfs("size=4k", "echo >\"$TMPDIR/full\"").refused(1))
                .contains("No space left on device", "set TMPDIR to another folder")
                .endsWith("left: full\n");
    }

    /** A temp folder that is a file system of its own, seen by this server only. */
    private Launch onTmpfs(String options, String preparation) throws IOException {
        assumeTrue(Command.succeeds(
                "unshare",
                "--mount",
                "mount",
                "-t",
                "tmpfs",
                "none",
                place.folder().toString()));
        String script = "mount -t tmpfs -o " + options + " none \"$TMPDIR\" && " + preparation
                + "; \"$@\"; status=$?; echo left: $(ls -A \"$TMPDIR\"); exit $status";
        return place.jcorn(Workplace.hello()).through("unshare", "--mount", "sh", "-c", script, "sh");
    }

    @Test
    void pidfileOfALivingMaster() throws IOException {
        Path file = place.folder().resolve("pid");
        try (RunningJcorn first =
                place.jcorn("--pid", file.toString(), Workplace.hello()).start()) {
            assertThat(Files.readString(file).strip()).isEqualTo(Long.toString(first.pid()));

            assertThat(place.jcorn("--pid", file.toString(), Workplace.hello()).refused(1))
                    .contains("Already running on PID " + first.pid(), file.toString(), "kill -TERM " + first.pid());
            assertThat(Files.readString(file).strip()).isEqualTo(Long.toString(first.pid()));
        }
        assertThat(file).doesNotExist();
    }

    /** The number of a process that lives, as after a reboot: the lock tells, not the number. */
    @ParameterizedTest
    @CsvSource({"1", "''"})
    void pidfileThatIsStale(String content) throws IOException {
        Path file = Files.writeString(place.folder().resolve("pid"), content);

        try (RunningJcorn jcorn =
                place.jcorn("--pid", file.toString(), Workplace.hello()).start()) {
            assertThat(Files.readString(file).strip()).isEqualTo(Long.toString(jcorn.pid()));
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void pidfileThatIsNone() throws IOException {
        Path file = Files.writeString(place.folder().resolve("pid"), "no number");

        assertThat(place.jcorn("--pid", file.toString(), Workplace.hello()).refused(1))
                .contains("the pidfile " + file + " holds something else than a process id", "remove this one");
        assertThat(file).hasContent("no number");
    }
}
