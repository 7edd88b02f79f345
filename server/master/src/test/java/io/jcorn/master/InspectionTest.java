package io.jcorn.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.master.archive.ArchiveException;
import io.jcorn.master.archive.Choice;
import io.jcorn.master.archive.ClassBytes;
import io.jcorn.master.archive.Jar;
import io.jcorn.master.settings.ConfigurationException;
import io.jcorn.master.settings.ConfigurationLoader;
import io.jcorn.master.settings.Flags;
import io.jcorn.master.settings.HostedSettings;
import io.jcorn.master.settings.Settings;
import io.jcorn.wire.WorkerKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told before there is any worker. */
class InspectionTest {

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private Flags flags;

    InspectionTest(@TempDir Path folder) {
        this.folder = folder;
        flags = Flags.NONE.with(Settings.APPLICATION, "app.jar");
    }

    private Choice choose() throws Exception {
        return Inspection.choose(new ConfigurationLoader(flags, Map.of(), folder).load(), environment);
    }

    @Test
    void theKindFollowsFromTheApplication() throws Exception {
        new Jar().attribute("Main-Class", "A").main("A").write(folder.resolve("app.jar"));

        assertThat(choose().kind()).isEqualTo(WorkerKind.MAIN);
    }

    @Test
    void theSettingsHaveToFitTheKind() throws IOException {
        new Jar().attribute("Jcorn-Handler", "A").handler("A").write(folder.resolve("app.jar"));
        flags = flags.with(HostedSettings.APP_PORT, "8080");

        assertThatThrownBy(this::choose)
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("--app-port: a handler binds no port: jcorn's own engine serves it. Leave this out");
    }

    @Test
    void aNewerJavaIsProposedWhereThereIsOne() throws IOException {
        new Jar()
                .attribute("Main-Class", "A")
                .type("A", ClassBytes.main("A").java(90))
                .write(folder.resolve("app.jar"));
        String start =
                folder.resolve("app.jar") + " is compiled for Java 90 (class file version 134.0), and the workers run"
                        + " on Java " + Runtime.version().feature() + ". Give them a newer one: --java-home ";

        assertThatThrownBy(this::choose).isInstanceOf(ArchiveException.class).hasMessage(start + "FOLDER");

        environment.put("JAVA_HOME_91_X64", java("91").toString());
        environment.put("JAVA_HOME_99_X64", java("99").toString());
        environment.put("JAVA_HOME_89_X64", java("89").toString());
        environment.put("JAVA_HOME_90_X64", "/nowhere");
        assertThatThrownBy(this::choose).hasMessage(start + folder.resolve("java-91"));
    }

    @Test
    void aNewerJavaIsFoundBesideTheWorkers() throws IOException {
        new Jar()
                .attribute("Jcorn-Handler", "A")
                .type("A", ClassBytes.handler("A").java(90))
                .write(folder.resolve("app.jar"));
        java("90");
        flags = flags.with(Settings.JAVA_HOME, java("21").toString());

        assertThatThrownBy(this::choose)
                .hasMessageEndingWith("and the workers run on Java 21. Give them a newer one: --java-home "
                        + folder.resolve("java-90"));
    }

    private Path java(String version) throws IOException {
        Path home = folder.resolve("java-" + version);
        Path launcher =
                Files.createFile(Files.createDirectories(home.resolve("bin")).resolve("java"));
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return home;
    }
}
