package io.jcorn.master.listen;

import java.time.Instant;
import java.util.Optional;

/**
 * A process that holds an address.
 *
 * @param parent its parent's pid
 * @param user its login name, or its number when nobody has it
 * @param commandLine at most some two hundred characters of it
 * @param since when the process started
 * @param role what it is to us
 * @param unit the systemd service that it belongs to, {@code nginx.service}
 */
public record Holder(
        int pid, int parent, String user, String commandLine, Instant since, Role role, Optional<String> unit) {
    /** What a holder is to jcorn. */
    public enum Role {
        /** A jcorn master. */
        MASTER,
        /** A jcorn worker whose master lives. */
        WORKER,
        /** A jcorn worker whose master is gone. */
        ORPHAN,
        /** Not jcorn. */
        STRANGER
    }
}
