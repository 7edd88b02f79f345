package io.jcorn.wire;

/** What happens when a hosted application binds a TCP port that the master does not hold. Port 0 is never such a port. */
public enum ExtraPorts {
    /** Every worker binds it, with SO_REUSEPORT: the kernel chooses which worker gets a connection. See socket(7). */
    SHARE,
    /** Each worker binds a port of its own: the port asked for + 1 + the slot. */
    OFFSET,
    /** The bind fails with an error that names the cures. */
    FAIL
}
