package io.jcorn.master.arbiter;

import java.io.IOException;

/** What generations are made of: a configuration, a copy of the application, listeners. */
public interface Generations {

    /** Something on the disk is gone without which no worker of a generation can be started; the message says what. */
    final class LostException extends IOException {

        private static final long serialVersionUID = 1L;

        public LostException(String message) {
            super(message);
        }
    }

    /** Begins to prepare a generation elsewhere; {@link Event.Prepared} or {@link Event.Refused} follows. */
    void prepare(int generation);

    /** The generation fills all slots: what only its predecessors used may wind down. */
    void promoted(int generation);

    /** No process uses this generation any more. */
    void forget(int generation);
}
