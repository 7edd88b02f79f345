package io.jcorn.master.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder may be gone, or be another one, when the next worker is started. */
class WorkingFolderTest {

    private static final Path ROOT = Path.of("/");

    private final Path start;
    private final Path link;
    private final List<String> warnings = new ArrayList<>();

    WorkingFolderTest(@TempDir Path folder) throws IOException {
        start = Files.createDirectory(folder.resolve("release-1"));
        link = folder.resolve("cwd");
    }

    /** What the kernel says of the master's own working folder. */
    private void kernelSays(String target) throws IOException {
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(target));
    }

    private WorkingFolder folder(Optional<Path> wanted) {
        return new WorkingFolder(wanted, start, link, warnings::add);
    }

    @Test
    void theMastersOwnIsInheritedWhileItExistsAlsoUnderAnotherName() throws IOException {
        kernelSays("/somewhere/else");

        assertThat(folder(Optional.empty()).now()).isEmpty();
        assertThat(warnings).isEmpty();
    }

    @Test
    void aNewFolderOfTheSameNameTakesItsPlace() throws IOException {
        kernelSays(start + " (deleted)");

        assertThat(folder(Optional.empty()).now()).contains(start);
        assertThat(warnings).isEmpty();
    }

    @Test
    void withoutOneTheRootIsBetterThanNoWorker() throws IOException {
        kernelSays(start + " (deleted)");
        Files.delete(start);

        assertThat(folder(Optional.empty()).now()).contains(ROOT);
        assertThat(warnings).singleElement().asString().contains(start + ", is gone", "--chdir");
    }

    @Test
    void aFolderWhoseNameEndsLikeThatIsNotGone() throws IOException {
        kernelSays(Files.createDirectory(start.resolve("x (deleted)")).toString());

        assertThat(folder(Optional.empty()).now()).isEmpty();
    }

    @Test
    void theSettingIsLookedAtForEachWorker() throws IOException {
        WorkingFolder folder = folder(Optional.of(start));
        assertThat(folder.now()).contains(start);

        Files.delete(start);
        assertThat(folder.now()).contains(ROOT);
        assertThat(warnings).singleElement().asString().startsWith("The folder of chdir, " + start);

        Files.createDirectory(start);
        assertThat(folder.now()).contains(start);
    }

    @Test
    void whereTheKernelDoesNotSayItIsInherited() {
        assertThat(folder(Optional.empty()).now()).isEmpty();
    }
}
