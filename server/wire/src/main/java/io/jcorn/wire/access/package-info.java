/**
 * The access log, as far as master and workers share it: formats, escaping, the file and who writes it, and the requests in flight.
 *
 * <p>A worker, whatever its engine, writes the lines of its own requests. The master writes those of requests that died with their worker, with
 * the same formatter, from memory that outlives the worker.
 */
@NullMarked
package io.jcorn.wire.access;

import org.jspecify.annotations.NullMarked;
