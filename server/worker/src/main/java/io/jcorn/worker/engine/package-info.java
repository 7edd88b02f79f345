/** The event loop: listeners, connections, timeouts, backpressure. */
@NullMarked
package io.jcorn.worker.engine;

import org.jspecify.annotations.NullMarked;
