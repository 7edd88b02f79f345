package io.jcorn.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.master.posix.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TerminalTest {

    private boolean reachable;

    private Terminal started(boolean inTerminal) {
        reachable = inTerminal;
        return new Terminal(() -> reachable);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WINCH")
    void whileTheTerminalIsThereSignalsMeanWhatTheySay(Signal signal) {
        assertThat(started(true).interpret(signal)).contains(signal);
    }

    @ParameterizedTest
    @EnumSource
    void withoutATerminalSignalsMeanWhatTheySay(Signal signal) {
        assertThat(started(false).interpret(signal)).contains(signal);
    }

    @Test
    void somebodyWhoResizesAWindowWantsNothing() {
        assertThat(started(true).interpret(Signal.WINCH)).isEmpty();
    }

    @Test
    void aTerminalThatIsGoneStopsTheServer() {
        Terminal terminal = started(true);
        reachable = false;

        assertThat(terminal.interpret(Signal.HUP)).contains(Signal.TERM);
        assertThat(terminal.interpret(Signal.INT)).contains(Signal.INT);
        assertThat(terminal.interpret(Signal.WINCH)).isEmpty();
    }

    @Test
    void nohupOutlivesTheTerminalButStillReloads() {
        Terminal terminal = started(true);
        terminal.outlive();

        assertThat(terminal.interpret(Signal.HUP)).contains(Signal.HUP);
        reachable = false;
        assertThat(terminal.interpret(Signal.HUP)).isEmpty();
        assertThat(terminal.interpret(Signal.TERM)).contains(Signal.TERM);
    }

    @Test
    void theRealOneAnswers() {
        assertThat(Terminal.now().interpret(Signal.TERM)).contains(Signal.TERM);
    }
}
