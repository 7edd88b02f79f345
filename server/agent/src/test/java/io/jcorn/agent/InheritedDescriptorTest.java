package io.jcorn.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InheritedDescriptorTest {

    @Test
    void aNumberIsOpenedAndAnotherFilePutInItsPlace(@TempDir Path folder) throws IOException {
        Path one = Files.writeString(folder.resolve("one"), "one");
        Path two = Files.writeString(folder.resolve("two"), "two");
        try (FileInputStream first = new FileInputStream(one.toFile());
                FileInputStream second = new FileInputStream(two.toFile())) {
            int number = InheritedDescriptor.number(first.getFD());
            assertThat(Files.readSymbolicLink(Path.of("/proc/self/fd/" + number)))
                    .isEqualTo(one.toRealPath());

            InheritedDescriptor.replace(number, InheritedDescriptor.number(second.getFD()));

            assertThat(Files.readSymbolicLink(Path.of("/proc/self/fd/" + number)))
                    .isEqualTo(two.toRealPath());
            assertThat(first.readAllBytes()).isEqualTo("two".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    @Test
    void aStreamOverANumberWritesToIt(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("file");
        try (FileOutputStream own = new FileOutputStream(file.toFile())) {
            int number = InheritedDescriptor.number(own.getFD());
            // Not closed here: it is the same descriptor.
            new FileOutputStream(InheritedDescriptor.of(number)).write('x');
        }
        assertThat(file).hasContent("x");
    }

    @Test
    void whatTheKernelRefusesIsSaid() {
        assertThatThrownBy(() -> InheritedDescriptor.replace(987_654, 987_653))
                .isInstanceOf(IOException.class)
                .hasMessage("dup2(987653, 987654) failed");
        assertThatThrownBy(() -> InheritedDescriptor.shutdownInput(InheritedDescriptor.of(987_653)))
                .isInstanceOf(IOException.class)
                .hasMessage("shutdown failed");
    }
}
