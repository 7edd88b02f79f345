package io.jcorn.master.arbiter;

/** What generations are made of: a configuration, a copy of the application, listeners. */
public interface Generations {

    /** Begins to prepare a generation elsewhere; {@link Event.Prepared} or {@link Event.Refused} follows. */
    void prepare(int generation);

    /** The generation fills all slots: what only its predecessors used may wind down. */
    void promoted(int generation);

    /** No process uses this generation any more. */
    void forget(int generation);
}
