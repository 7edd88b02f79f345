package io.jcorn.master.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold between settings, and between a setting and the machine. */
class ConfigurationChecksTest {

    private Path folder;

    private Sources sources;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        this.folder = folder;
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(folder.resolve("hello.jar")))) {
            zip.putNextEntry(new ZipEntry("Hello.class"));
        }
        sources = new Sources(folder.toAbsolutePath()).flag(Settings.APPLICATION, "hello.jar");
    }

    @Test
    void nothingIsWrong() {
        assertThat(sources.problems()).isEmpty();
    }

    @Test
    void theApplicationHasToBeNamed() {
        assertThat(new Sources(folder).problems())
                .containsExactly("application: no application is named. Name it on the command line (jcorn app.jar), as"
                        + " application = \"app.jar\" in jcorn.conf, or in JCORN_APPLICATION");
    }

    @Test
    void theApplicationHasToBeThere() {
        assertThat(sources.flag(Settings.APPLICATION, "helo.jar").problems())
                .containsExactly("/here/helo.jar: there is no such file; did you mean /here/hello.jar?");
    }

    @Test
    void aPartOfTheHeadIsNotLargerThanTheHead() {
        assertThat(sources.flag(Settings.LIMIT_REQUEST_LINE, "100000").problems())
                .containsExactly(
                        "--limit-request-line: 100000 is more than the whole head may have (limit-request-head,"
                                + " 65536). Raise that too, or set it to 0");
        assertThat(sources.flag(Settings.LIMIT_REQUEST_HEAD, "0").problems()).isEmpty();
    }

    @Test
    void theFolderOfTheWorkersHasToBeThere() {
        Sources wrong = sources.flag(Settings.CHDIR, "helo");

        assertThat(wrong.problems()).containsExactly("--chdir: /here/helo: there is no such folder");
        assertThat(wrong.flag(Settings.CHDIR, "hello.jar").problems())
                .containsExactly("--chdir: /here/hello.jar is not a folder");
    }

    @Test
    void theClasspathHasToBeThere() {
        assertThat(sources.flag(Settings.CLASSPATH, "hello.jar:hello.jr").problems())
                .containsExactly(
                        "--classpath: /here/hello.jr: there is no such file or folder; did you mean /here/hello.jar?");
    }

    @Test
    void foldersOfFilesToWriteHaveToBeThere() throws Exception {
        Files.createDirectory(folder.resolve("d"));

        assertThat(sources.flag(Settings.PID, "run/x.pid")
                        .flag(Settings.ERROR_LOGFILE, "d")
                        .problems())
                .containsExactly(
                        "--pid: the folder /here/run does not exist. Make it: mkdir -p /here/run",
                        "--error-logfile: /here/d is a folder, and a file is to be written there");
    }

    @Test
    void aJavaHomeHasToHoldAJava() {
        assertThat(sources.flag(Settings.JAVA_HOME, ".").problems())
                .containsExactly("--java-home: /here holds no Java: there is no bin/java that can be run");
    }

    @Test
    void theWorkersJavaHasToBeNewEnough() throws Exception {
        Path old = java("old", "1.8.0_392");
        Path seventeen = java("seventeen", "17.0.9");
        Path next = java("next", "21");

        assertThat(sources.flag(Settings.JAVA_HOME, old.toString()).problems())
                .containsExactly("--java-home: /here/old is Java 8, and the workers need 17 or later");
        assertThat(sources.flag(Settings.JAVA_HOME, seventeen.toString()).problems())
                .isEmpty();
        assertThat(sources.flag(Settings.THREADS, "virtual").problems())
                .containsExactly("--threads: virtual threads need Java 21 or later, and the workers run on Java 17."
                        + " Choose a later one with --java-home, or a number of threads");
        assertThat(sources.flag(Settings.JAVA_HOME, next.toString()).problems()).isEmpty();
    }

    private Path java(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        Path java =
                Files.createFile(Files.createDirectories(home.resolve("bin")).resolve("java"));
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    @Test
    void aReloadHasToBeAbleToDoSomething() {
        String why = "max-surge and max-unavailable are both 0: a reload could neither start a worker more nor stop one"
                + " first, so it could do nothing. Set one of them to 1";

        assertThat(sources.flag(Settings.MAX_SURGE, "0").problems()).containsExactly("--max-surge: " + why);
        assertThat(sources.flag(Settings.MAX_UNAVAILABLE, "1").problems()).isEmpty();
    }

    @Test
    void anAddressIsBoundOnce() {
        assertThat(sources.flag(Settings.BIND, ":1,:0,:2,:0,:1").problems())
                .containsExactly("--bind: :1 is named twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9901", "127.8.8.8:1", "[::1]:1", "localhost:1"})
    void addressesThatOnlyThisMachineReachesMayTellEverything(String address) {
        assertThat(sources.flag(Settings.ADMIN_BIND, address).problems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0.0.0.0:9901", ":9901", "[::]:9901", "example.com:9901", "10.0.0.1:9901", "127.example.com:9901"
            })
    void otherAddressesOnlyWhenAllowed(String address) {
        assertThat(sources.flag(Settings.ADMIN_BIND, address).problems())
                .containsExactly("--admin-bind: " + address + " can be reached from other machines, and these pages ask"
                        + " nobody for a password. Use 127.0.0.1:9901, or allow it with --admin-public");
        assertThat(sources.flag(Settings.ADMIN_PUBLIC, "true").problems()).isEmpty();
    }

    @Test
    void somebodyHasToBeAllowedToSendProxyHeaders() {
        sources.flag(ProxySettings.PROXY_ALLOW_FROM, "");
        assertThat(sources.problems()).isEmpty();
        assertThat(sources.flag(ProxySettings.PROXY_PROTOCOL, "auto").problems())
                .containsExactly(
                        "--proxy-allow-from: nobody is allowed, and proxy-protocol lets in only who is. Name the"
                                + " addresses or networks of the load balancers");
    }

    @Test
    void theMasterNeedsAnAddressOfItsOwn() {
        assertThat(sources.flag(Settings.ADMIN_BIND, "127.0.0.1:8000").problems())
                .containsExactly(
                        "--admin-bind: 127.0.0.1:8000 is an address of bind too; the master needs one of its own");
    }

    @Test
    void aPortOfTheApplicationNeedsOneThatTakesItsPlace() {
        sources.flag(Settings.BIND, ":9000,[::1]:9443,unix:x");

        assertThat(sources.flag(HostedSettings.APP_PORT, "8080", "8443=9443").problems())
                .isEmpty();
        assertThat(sources.flag(HostedSettings.APP_PORT, "8080", "9000", "1=2").problems())
                .containsExactly(
                        "--app-port: 8080 is named twice",
                        "--app-port: 9000 is a port of bind too: jcorn holds it already, so it needs no app-port",
                        "--app-port: 1=2: bind has no port 2. It has :9000, [::1]:9443, unix:x");
    }

    @Test
    void aUnixSocketTakesNoPortsPlace() {
        assertThat(sources.flag(Settings.BIND, "unix:x")
                        .flag(HostedSettings.APP_PORT, "8080")
                        .problems())
                .containsExactly(
                        "--app-port: 8080 needs a TCP address that takes its place, and bind has only Unix sockets");
    }

    @Test
    void thePortOfAnInheritedSocketIsNotKnownYet() {
        assertThat(sources.flag(Settings.BIND, "fd://3")
                        .flag(HostedSettings.APP_PORT, "8080=9000")
                        .problems())
                .isEmpty();
    }

    @Test
    void aModuleIsAMainClassAndNoOther() {
        assertThat(sources.flag(HostedSettings.MODULE, "shop")
                        .flag(HostedSettings.WORKER_CLASS, "main")
                        .problems())
                .isEmpty();
        assertThat(sources.flag(Settings.APPLICATION, "hello.jar:com.example.Hello")
                        .flag(HostedSettings.WORKER_CLASS, "handler")
                        .problems())
                .containsExactly(
                        "--module: the module shop and the class com.example.Hello contradict each other. Choose one; a"
                                + " class of the module is written MODULE/CLASS",
                        "--module: a module is run by its main class, so the worker-class is main, not handler. Leave one"
                                + " of the two out");
    }

    @Test
    void theFolderForTemporaryFilesHasToBeThere() throws Exception {
        assertThat(sources.flag(Settings.WORKER_TMP_DIR, "temp").problems())
                .containsExactly("--worker-tmp-dir: /here/temp: there is no such folder. Make it: mkdir -p /here/temp");
        assertThat(sources.flag(Settings.WORKER_TMP_DIR, "hello.jar").problems())
                .containsExactly("--worker-tmp-dir: /here/hello.jar is not a folder");
        Files.createDirectory(folder.resolve("temp"));
        assertThat(sources.flag(Settings.WORKER_TMP_DIR, "temp").problems()).isEmpty();
    }

    @Test
    void theFolderOfTheSessionsHasToBeThere() throws Exception {
        assertThat(sources.flag(HostedSettings.SESSIONS, "file:sessions").problems())
                .containsExactly(
                        "--sessions: /here/sessions: there is no such folder. Make it: mkdir -p /here/sessions");
        assertThat(sources.flag(HostedSettings.SESSIONS, "file:hello.jar").problems())
                .containsExactly("--sessions: /here/hello.jar is not a folder");
        Files.createDirectory(folder.resolve("sessions"));
        assertThat(sources.flag(HostedSettings.SESSIONS, "file:sessions").problems())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"file, jcorn.conf:1: max-surge", "variable, JCORN_MAX_SURGE", "flag, --max-surge"})
    void aProblemNamesTheSourceOfTheValue(String source, String where) {
        switch (source) {
            case "file" -> sources.file("max-surge = 0");
            case "variable" -> sources.variable("JCORN_MAX_SURGE", "0");
            default -> sources.flag(Settings.MAX_SURGE, "0");
        }

        assertThat(sources.problems()).singleElement().asString().startsWith(where + ": max-surge and");
    }
}
