package io.jcorn.master.posix;

/**
 * A child that ended and was waited for; its pid may be used again by the kernel from now on.
 *
 * @param pid not necessarily one that we spawned: as PID 1 or as subreaper the master inherits orphans of others
 * @param status how it ended
 */
public record Reaped(int pid, WaitStatus status) {}
