package io.jcorn.master.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SignalsTest {
    private static final long SIG_IGN = 1;

    private final LinuxPosix posix = new LinuxPosix();
    private final BlockingQueue<Signal> delivered = new LinkedBlockingQueue<>();

    @Test
    void oneIgnoredAtStartIsDeliveredAndReported() throws Exception {
        LibC.library().signal(Signal.WINCH.number(), SIG_IGN);

        Signals signals = Signals.listen(EnumSet.of(Signal.WINCH, Signal.TTIN), delivered::add);

        assertThat(signals.ignoredAtStart()).containsExactly(Signal.WINCH);
        for (Signal signal : EnumSet.of(Signal.WINCH, Signal.TTIN)) {
            posix.kill(posix.pid(), signal.number());
            assertThat(delivered.poll(10, TimeUnit.SECONDS)).isEqualTo(signal);
        }
    }

    @Test
    void aSignalThatTheJvmKeepsIsRefused() {
        assertThatThrownBy(() -> Signals.listen(EnumSet.of(Signal.QUIT), delivered::add))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
