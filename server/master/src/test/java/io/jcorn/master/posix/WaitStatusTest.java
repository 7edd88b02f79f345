package io.jcorn.master.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaitStatusTest {
    @ParameterizedTest
    @CsvSource({
        "0,      true,  0,   false, 0,  false, exit code 0",
        "0x0300, true,  3,   false, 0,  false, exit code 3",
        "0x8f00, true,  143, false, 0,  false, exit code 143",
        "0xff00, true,  255, false, 0,  false, exit code 255",
        "0x0009, false, -1,  true,  9,  false, signal 9 (KILL)",
        "0x000f, false, -1,  true,  15, false, signal 15 (TERM)",
        "0x008b, false, -1,  true,  11, true,  'signal 11 (SEGV), core dumped'",
        "0x0028, false, -1,  true,  40, false, signal 40",
    })
    void readsTheStatusWord(
            String raw, boolean exited, int code, boolean signalled, int signal, boolean core, String text) {
        WaitStatus status = new WaitStatus(Integer.decode(raw));

        assertThat(status.exited()).isEqualTo(exited);
        assertThat(status.exitCode()).isEqualTo(code);
        assertThat(status.signalled()).isEqualTo(signalled);
        assertThat(status.signal()).isEqualTo(signal);
        assertThat(status.coreDumped()).isEqualTo(core);
        assertThat(status.describe()).isEqualTo(text);
    }

    @Test
    void everyExitCodeAndSignalComesBack() {
        for (int code = 0; code < 256; code++) {
            assertThat(WaitStatus.ofExit(code).exitCode()).isEqualTo(code);
        }
        for (Signal signal : Signal.values()) {
            assertThat(WaitStatus.ofSignal(signal).killedBy(signal)).isTrue();
            assertThat(Signal.of(signal.number())).contains(signal);
        }
    }

    @Test
    void namesErrorsAsTheKernelManualDoes() {
        assertThat(new PosixException("bind(127.0.0.1:80)", 13))
                .hasMessage("bind(127.0.0.1:80): Permission denied (EACCES)");
        assertThat(new PosixException("bind", 4095)).hasMessage("bind: error 4095");
    }
}
