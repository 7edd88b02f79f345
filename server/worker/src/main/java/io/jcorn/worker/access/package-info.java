/**
 * The worker's access log: what is noted of each request, and its line. The thread that writes lines is {@code wire}'s.
 *
 * <pre>
 *   event loop:     Visit ─begin─► shared memory          Visit ─end─► line in a buffer ─► shared memory: "landed"
 *   writer thread:  buffer ─► one write(2) ─► shared memory: "written up to here"
 * </pre>
 */
@NullMarked
package io.jcorn.worker.access;

import org.jspecify.annotations.NullMarked;
