package io.jcorn.master.listen;

/** How much of the machine's processes and sockets can be seen. */
enum Sight {
    /** Everything that /proc has. */
    ALL,
    /** All processes are listed, and some are not ours to look into. */
    FORBIDDEN,
    /** The mount of /proc hides processes: {@code hidepid=invisible} (2) or {@code ptraceable} (4), see proc(5). */
    HIDDEN,
    /** The kernel's list of sockets cannot be read. */
    NO_SOCKETS
}
