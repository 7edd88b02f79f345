package io.jcorn.master.arbiter;

/**
 * The settings that the arbiter lives by. Times are in milliseconds.
 *
 * @param workers how many workers the configuration asks for, at least 1
 * @param maxSurge see {@link Target#maxSurge}
 * @param maxUnavailable see {@link Target#maxUnavailable}
 * @param bootMillis how long a worker may take to become ready
 * @param livenessMillis how long a worker's event loop may be silent; 0: for ever
 * @param graceMillis how long requests in flight may take when a worker drains
 */
public record Policy(
        int workers, int maxSurge, int maxUnavailable, long bootMillis, long livenessMillis, long graceMillis) {}
