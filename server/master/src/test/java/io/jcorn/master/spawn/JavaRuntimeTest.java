package io.jcorn.master.spawn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JavaRuntimeTest {

    private static final Path OWN = Path.of(System.getProperty("java.home"));

    @TempDir
    Path folder = Path.of("set by JUnit");

    private Path home(String release) throws IOException {
        Path home = Files.createDirectories(folder.resolve("jdk"));
        Files.createDirectories(home.resolve("bin"));
        Files.createFile(
                home.resolve("bin/java"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.writeString(home.resolve("release"), release, StandardCharsets.ISO_8859_1);
        return home;
    }

    @Test
    void withoutAWishItIsOurOwn() throws IOException {
        JavaRuntime java = JavaRuntime.find(Optional.empty());

        assertThat(java).isEqualTo(new JavaRuntime(OWN, Runtime.version().feature(), true));
        assertThat(java.launcher()).isExecutable();
    }

    @Test
    void ourOwnIsRecognisedByWhateverName() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("current"), OWN);
        assertThat(JavaRuntime.find(Optional.of(link)).own()).isTrue();
        assertThat(JavaRuntime.find(Optional.of(OWN.resolve("../" + OWN.getFileName())))
                        .own())
                .isTrue();
    }

    @Test
    void aFolderOfLinksLeadsToTheInstallation() throws IOException {
        Files.createDirectories(folder.resolve("usr/bin"));
        Files.createSymbolicLink(folder.resolve("usr/bin/java"), OWN.resolve("bin/java"));

        assertThat(JavaRuntime.find(Optional.of(folder.resolve("usr"))).own()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "'JAVA_VERSION=\"17.0.15\"', 17",
        "'IMPLEMENTOR=\"Ümlaut\"\nJAVA_VERSION=\"21\"\nX=1', 21",
        "'JAVA_VERSION=\"25-ea\"', 25",
        "'JAVA_VERSION=25.0.1', 25",
        "'JAVA_VERSION_DATE=\"2025-09-16\"\nJAVA_VERSION=\"25\"', 25",
        "'JAVA_VERSION=\"99999999999999\"', 17",
        "'JAVA_VERSION=\"\"', 17",
        "'', 17"
    })
    void theReleaseFileTellsTheVersion(String release, int feature) throws IOException {
        Path home = home(release);

        assertThat(JavaRuntime.find(Optional.of(home))).isEqualTo(new JavaRuntime(home, feature, false));
    }

    @Test
    void withoutAReleaseFileItIsTakenForTheOldest() throws IOException {
        Path home = home("");
        Files.delete(home.resolve("release"));

        assertThat(JavaRuntime.find(Optional.of(home)).feature()).isEqualTo(JavaRuntime.OLDEST);
    }

    @ParameterizedTest
    @CsvSource({"1.8.0_402, 8", "9.0.4, 9", "11.0.2, 11", "16, 16"})
    void whatIsTooOldIsRefused(String version, int feature) throws IOException {
        Path home = home("JAVA_VERSION=\"" + version + "\"\n");

        assertThatThrownBy(() -> JavaRuntime.find(Optional.of(home)))
                .isInstanceOf(IOException.class)
                .hasMessage("java-home " + home + " is Java " + feature
                        + "; workers need Java 17 or later. Set java-home to the folder of one");
    }

    @Test
    void aFolderWithoutJavaIsNamed() throws IOException {
        Path launcherIsAFolder = folder.resolve("odd");
        Files.createDirectories(launcherIsAFolder.resolve("bin/java"));
        for (Path home : new Path[] {folder, folder.resolve("none"), launcherIsAFolder}) {
            assertThatThrownBy(() -> JavaRuntime.find(Optional.of(home)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("java-home " + home + " holds no Java: there is no executable " + home
                            + "/bin/java. Set java-home to the folder of a Java 17 or later");
        }
    }

    /** An upgrade removes the Java that the master runs on: the next workers start on what the next master would start on. */
    @Test
    void whenTheMastersOwnIsGoneTheOneOfTheNextStartTakesItsPlace() throws IOException {
        Path gone = folder.resolve("jdk-old");
        Path bin = Files.createDirectory(folder.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("java"), OWN.resolve("bin/java"));

        assertThat(JavaRuntime.successor(OWN, Map.of("JAVA_HOME", "/nonexistent")))
                .isEqualTo(OWN);
        assertThat(JavaRuntime.successor(gone, Map.of("JAVA_HOME", OWN.toString())))
                .isEqualTo(OWN);
        assertThat(JavaRuntime.successor(gone, Map.of("PATH", "relative::" + bin)))
                .isEqualTo(OWN.toRealPath());
        assertThat(JavaRuntime.successor(gone, Map.of())).isEqualTo(gone);
    }

    @Test
    void modulesThatJlinkLeftOutAreFoundByTheReleaseFile() throws IOException {
        Path home = home("JAVA_VERSION=\"21.0.1\"\nMODULES=\"java.base jdk.httpserver java.logging\"\n");
        JavaRuntime runtime = JavaRuntime.find(Optional.of(home));

        assertThat(runtime.lacks(List.of("java.logging", "jdk.unsupported", "java.base", "jdk.http")))
                .containsExactly("jdk.unsupported", "jdk.http");
        assertThat(runtime.lacks(List.of())).isEmpty();

        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"21.0.1\"\n");
        assertThat(runtime.lacks(List.of("jdk.unsupported"))).isEmpty();
    }
}
