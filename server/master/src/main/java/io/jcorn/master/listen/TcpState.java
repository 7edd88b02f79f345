package io.jcorn.master.listen;

import java.util.Locale;

/** The states of a TCP connection (RFC 9293, 3.3.2) in the order of the numbers that /proc/net/tcp has for them. */
enum TcpState {
    /** A number that this class does not know. */
    UNKNOWN,
    ESTABLISHED,
    SYN_SENT,
    SYN_RECEIVED,
    FIN_WAIT_1,
    FIN_WAIT_2,
    TIME_WAIT,
    CLOSED,
    CLOSE_WAIT,
    LAST_ACK,
    LISTEN,
    CLOSING;

    /**
     * Returns the state of a line.
     *
     * @param number as include/net/tcp_states.h counts them, from 1. Number 12 is a request that waits for its handshake
     */
    static TcpState of(int number) {
        TcpState[] all = values();
        if (number == all.length) {
            return SYN_RECEIVED;
        }
        return number > 0 && number < all.length ? all[number] : UNKNOWN;
    }

    /** As the RFC writes it: {@code TIME-WAIT}. */
    @Override
    public String toString() {
        return name().toUpperCase(Locale.ROOT).replace('_', '-');
    }
}
