package io.jcorn.agent.adopt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.agent.adopt.EpollRegistrations.Registration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpollRegistrationsTest {

    private static final int INODE = 0x8a3c;
    private static final String HEAD = "pos:\t0\nflags:\t02\nmnt_id:\t15\nino:\t1059\n";

    private final Path fdinfo;

    EpollRegistrationsTest(@TempDir Path fdinfo) {
        this.fdinfo = fdinfo;
    }

    @Test
    void findsTheSocketInEveryInstance() throws IOException {
        write(7, "tfd:       25 events:       19 data:               19  pos:0 ino:8a3c sdev:8\n");
        write(9, "tfd:        4 events:       19 data:                4  pos:0 ino:8a3d sdev:8\n");
        write(9, "tfd:       25 events: 80000000 data: ffffffff00000019  pos:0 ino:8a3c sdev:8\n");
        Files.writeString(fdinfo.resolve("1"), "pos:\t0\nflags:\t0100001\nmnt_id:\t12\nino:\t25\n");
        assertThat(EpollRegistrations.of(fdinfo.toFile(), 25, INODE).all())
                .containsExactlyInAnyOrder(
                        new Registration(7, 0x19, 25), new Registration(9, 0x80000000, 0xffffffff00000019L));
    }

    @Test
    void anotherFileOfThatNumberIsNotTheSocket() throws IOException {
        write(7, "tfd:       25 events:       19 data:               19  pos:0 ino:8a3d sdev:8\n");
        write(8, "tfd:      252 events:       19 data:               fc  pos:0 ino:8a3c sdev:8\n");
        assertThat(EpollRegistrations.of(fdinfo.toFile(), 25, INODE).all()).isEmpty();
        assertThat(EpollRegistrations.of(fdinfo.resolve("none").toFile(), 25, INODE)
                        .all())
                .isEmpty();
    }

    @Test
    void aKernelThatShowsNoInodeIsBelieved() throws IOException {
        write(7, "tfd:       25 events:       19 data:               19\n");
        assertThat(EpollRegistrations.of(fdinfo.toFile(), 25, INODE).all())
                .containsExactly(new Registration(7, 0x19, 25));
    }

    @Test
    void registersTheSameEventsAgain() throws IOException {
        write(7, "tfd:       25 events: 80000001 data:               19  pos:0 ino:8a3c sdev:8\n");
        List<String> calls = new ArrayList<>();
        EpollRegistrations.of(fdinfo.toFile(), 25, INODE).renew((epoll, operation, socket, events) -> {
            calls.add(epoll + " " + operation + " " + socket + " " + Integer.toHexString(events));
            return 17; // EEXIST: the library was faster.
        });
        assertThat(calls).containsExactly("7 1 25 80000001");
    }

    @Test
    void whatCannotBeRegisteredAgainFailsTheBind() throws IOException {
        write(7, "tfd:       25 events:       19 data:               19  pos:0 ino:8a3c sdev:8\n");
        assertThatThrownBy(
                        () -> EpollRegistrations.of(fdinfo.toFile(), 25, INODE).renew((a, b, c, d) -> 12))
                .isInstanceOf(IOException.class)
                .hasMessage("epoll_ctl(7, EPOLL_CTL_ADD, 25) failed with errno 12");
        Files.delete(fdinfo.resolve("7"));
        write(7, "tfd:       25 events:       19 data:     7f0012345678  pos:0 ino:8a3c sdev:8\n");
        assertThatThrownBy(
                        () -> EpollRegistrations.of(fdinfo.toFile(), 25, INODE).renew((a, b, c, d) -> 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("knows descriptor 25 as 0x7f0012345678");
    }

    private void write(int epoll, String line) throws IOException {
        Path file = fdinfo.resolve(Integer.toString(epoll));
        String before = Files.exists(file) ? Files.readString(file) : HEAD;
        Files.writeString(file, before + line);
    }
}
