package io.jcorn.master.posix;

import java.util.Optional;

/** The signals of Linux, see signal(7). The numbers are those of x86-64 and aarch64. */
public enum Signal {
    HUP(1),
    INT(2),
    QUIT(3),
    ILL(4),
    TRAP(5),
    ABRT(6),
    BUS(7),
    FPE(8),
    KILL(9),
    USR1(10),
    SEGV(11),
    USR2(12),
    PIPE(13),
    ALRM(14),
    TERM(15),
    STKFLT(16),
    CHLD(17),
    CONT(18),
    STOP(19),
    TSTP(20),
    TTIN(21),
    TTOU(22),
    URG(23),
    XCPU(24),
    XFSZ(25),
    VTALRM(26),
    PROF(27),
    WINCH(28),
    IO(29),
    PWR(30),
    SYS(31);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    /** The kernel's number, 1..31. */
    public int number() {
        return number;
    }

    /** Returns the signal with this number; empty for the real-time signals, which have no names. */
    public static Optional<Signal> of(int number) {
        return number >= 1 && number <= values().length ? Optional.of(values()[number - 1]) : Optional.empty();
    }

    /** Returns how people write a signal: {@code 9 (KILL)}, or the bare number of a real-time signal. */
    static String describe(int number) {
        return of(number).map(signal -> number + " (" + signal + ")").orElseGet(() -> Integer.toString(number));
    }
}
