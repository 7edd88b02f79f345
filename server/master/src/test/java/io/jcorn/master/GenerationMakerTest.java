package io.jcorn.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.master.GenerationStore.PreparationException;
import io.jcorn.master.archive.ClassBytes;
import io.jcorn.master.archive.Jar;
import io.jcorn.master.listen.Binder;
import io.jcorn.master.listen.Listener;
import io.jcorn.master.posix.LinuxPosix;
import io.jcorn.master.settings.ConfigurationLoader;
import io.jcorn.master.settings.Flags;
import io.jcorn.master.settings.HostedSettings;
import io.jcorn.master.settings.Setting;
import io.jcorn.master.settings.Settings;
import io.jcorn.master.snapshot.Snapshots;
import io.jcorn.master.spawn.HandlerProgram;
import io.jcorn.master.spawn.MainProgram;
import io.jcorn.master.spawn.ServletProgram;
import io.jcorn.wire.ExtraPorts;
import io.jcorn.wire.HostingOptions;
import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.ServletOptions.Sessions;
import io.jcorn.wire.WorkerKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generations of each kind, with real listeners and real copies, and what the log says of them. */
class GenerationMakerTest {

    private final Path folder;
    private final RunFolder runFolder;
    private final Path run;
    private final Path app;
    private final Path logFile;
    private final List<Generation> made = new ArrayList<>();
    private Flags flags = Flags.NONE.with(Settings.APPLICATION, "app.jar").with(Settings.BIND, "127.0.0.1:0");

    GenerationMakerTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        runFolder = RunFolder.create(
                Files.createDirectory(folder.resolve("run")), new LinuxPosix(), Log.toStandardError(LogLevel.INFO));
        run = runFolder.path();
        app = folder.resolve("app.jar");
        logFile = folder.resolve("log");
    }

    @AfterEach
    void close() {
        made.forEach(generation -> generation.listeners().forEach(Listener::close));
        runFolder.close();
    }

    private void flag(Setting<?> setting, String text) {
        flags = flags.with(setting, text);
    }

    private Generation make(@Nullable Generation before) throws Exception {
        ConfigurationLoader loader = new ConfigurationLoader(flags, Map.of(), folder);
        LinuxPosix posix = new LinuxPosix();
        GenerationMaker maker = new GenerationMaker(
                loader,
                loader.load(),
                new Binder(Path.of("/proc"), Map.of(), posix.pid()),
                new Snapshots(run, posix),
                runFolder,
                folder.resolve("home"),
                Map.of(),
                Log.toFile(logFile, LogLevel.INFO));
        Generation generation = maker.make(before == null ? 1 : before.number() + 1, before);
        made.add(generation);
        return generation;
    }

    private Generation first() throws Exception {
        Generation generation = make(null);
        generation.introduce(null, Log.toFile(logFile, LogLevel.INFO));
        return generation;
    }

    private List<String> log() throws IOException {
        return Files.readAllLines(logFile).stream()
                .map(line -> line.replaceFirst("^(?:\\[[^\\]]*\\] ){2}", ""))
                .toList();
    }

    private static int port(Generation generation) {
        return generation.listeners().get(0).port().orElseThrow();
    }

    @Test
    void aHandler() throws Exception {
        new Jar().attribute("Jcorn-Handler", "a.Hello").handler("a.Hello").write(app);

        Generation generation = first();

        assertThat(generation.command().program())
                .isInstanceOfSatisfying(
                        HandlerProgram.class,
                        program -> assertThat(program.options().application())
                                .isEqualTo(run.resolve("gen-1/app/app.jar")));
        assertThat(log()).containsExactly("[INFO] Using worker: handler (a.Hello)");
    }

    @Test
    void aServerWithItsMainClass() throws Exception {
        new Jar().attribute("Main-Class", "a.Shop").main("a.Shop").write(app);
        flag(HostedSettings.APP_ARGS, "--color=blue");
        flag(HostedSettings.APP_PORT, "8080");
        flag(HostedSettings.EXTRA_PORTS, "offset");
        flag(HostedSettings.READY_PATH, "/ready");
        flag(Settings.BOOT_TIMEOUT, "90");
        flag(Settings.TIMEOUT, "2");
        flag(Settings.KEEP_ALIVE, "5");

        Generation generation = first();

        MainProgram program = (MainProgram) generation.command().program();
        assertThat(program.start()).isEqualTo(new MainProgram.Jar(run.resolve("gen-1/app/app.jar")));
        assertThat(program.arguments()).containsExactly("--color=blue");
        assertThat(program.hosting())
                .isEqualTo(new HostingOptions(
                        WorkerKind.MAIN,
                        app.toString(),
                        Map.of(8080, port(generation)),
                        ExtraPorts.OFFSET,
                        Optional.of("/ready"),
                        10_000,
                        2048,
                        90_000,
                        500,
                        5_000,
                        30_000,
                        LogLevel.INFO,
                        Optional.empty()));
        assertThat(log())
                .containsExactly(
                        "[INFO] Using worker: main (app.jar: Main-Class a.Shop)",
                        "[WARNING] Settings without effect on the worker-class main: keep-alive. The application's own"
                                + " server has settings for that");
    }

    @Test
    void aFurtherClassPathIsNoMatterForJavaMinusJar() throws Exception {
        Path library = new Jar().handler("b.B").write(folder.resolve("lib.jar"));
        new Jar()
                .attribute("Main-Class", "a.Shop")
                .attribute("Add-Opens", "java.base/java.lang")
                .attribute("Class-Path", "lib.jar")
                .main("a.Shop")
                .write(app);
        MainProgram.Start expected = new MainProgram.ClassPath(
                List.of("--add-opens=java.base/java.lang=ALL-UNNAMED"),
                List.of(run.resolve("gen-1/app/app.jar"), run.resolve("gen-1/lib-1/lib.jar")),
                "a.Shop");

        assertThat(((MainProgram) first().command().program()).start()).isEqualTo(expected);

        flag(Settings.CLASSPATH, library.toString());
        assertThat(((MainProgram) first().command().program()).start()).isEqualTo(expected);
    }

    @Test
    void aModule() throws Exception {
        new Jar().attribute("Class-Path", "lib.jar").main("a.Shop").write(app);
        new Jar().main("b.B").write(folder.resolve("lib.jar"));
        flag(HostedSettings.MODULE, "app/a.Shop");

        assertThat(((MainProgram) first().command().program()).start())
                .isEqualTo(new MainProgram.Module(List.of(run.resolve("gen-1/app/app.jar")), "app/a.Shop"));
        assertThat(log()).containsExactly("[INFO] Using worker: main (app.jar: module app/a.Shop)");
    }

    @Test
    void aWebApplication() throws Exception {
        new Jar().file("WEB-INF/web.xml", "<web-app/>").write(app);
        flag(HostedSettings.CONTEXT_PATH, "/shop");

        Generation generation = first();

        ServletProgram program = (ServletProgram) generation.command().program();
        assertThat(program.options().sessions())
                .isEqualTo(
                        new Sessions(Sessions.Kind.FILE, run.resolve("sessions").toString()));
        assertThat(run.resolve("sessions")).isDirectory();
        assertThat(program.options().contextPath()).isEqualTo("/shop");
        assertThat(program.options().forwarding().allowIps()).containsExactly("127.0.0.1", "::1");
        assertThat(program.hosting().kind()).isEqualTo(WorkerKind.SERVLET);
        assertThat(log()).containsExactly("[INFO] Using worker: servlet (app.jar: WEB-INF; context path /shop)");
    }

    @Test
    void aReloadSaysWhatIsNew() throws Exception {
        new Jar().attribute("Main-Class", "a.Shop").main("a.Shop").write(app);
        flag(Settings.THREADS, "4");
        Generation one = first();

        Generation two = make(one);
        new Jar()
                .attribute("Main-Class", "a.Shop")
                .attribute("Jcorn-Handler", "a.Hello")
                .main("a.Shop")
                .handler("a.Hello")
                .write(app);
        make(two);

        assertThat(log())
                .containsExactly(
                        "[INFO] Using worker: main (app.jar: Main-Class a.Shop)",
                        "[WARNING] Settings without effect on the worker-class main: threads. The application's own"
                                + " server has settings for that",
                        "[INFO] Using worker: handler (a.Hello)",
                        "[INFO] app.jar also has the Main-Class a.Shop; --worker-class main would run that instead");
    }

    @Test
    void anApplicationThatCannotBeRunIsExitCodeFour() throws IOException {
        new Jar()
                .attribute("Main-Class", "A")
                .type("A", ClassBytes.main("A").java(99))
                .write(app);

        assertThatThrownBy(() -> make(null))
                .isInstanceOfSatisfying(
                        PreparationException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.APP_LOAD))
                .hasMessageStartingWith("App failed to load: " + app + " is compiled for Java 99 (class file version");
        assertThat(run).isDirectoryNotContaining("glob:**/gen-*");
    }

    @Test
    void settingsThatDoNotFitTheKindAreExitCodeOne() throws IOException {
        new Jar().attribute("Jcorn-Handler", "A").handler("A").write(app);
        flag(HostedSettings.APP_ARGS, "x");

        assertThatThrownBy(() -> make(null))
                .isInstanceOfSatisfying(
                        PreparationException.class,
                        e -> assertThat(e.exitCode()).isEqualTo(ExitCode.ERROR))
                .hasMessage("--: only a main class has arguments, and the worker-class is handler. Leave them out, or"
                        + " choose --worker-class main");
    }
}
