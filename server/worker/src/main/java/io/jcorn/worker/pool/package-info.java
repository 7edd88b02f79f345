/** Who runs the application's code: the event loop, a pool of platform threads, virtual threads. */
@NullMarked
package io.jcorn.worker.pool;

import org.jspecify.annotations.NullMarked;
