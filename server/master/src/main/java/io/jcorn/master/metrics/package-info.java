/**
 * What the server counts, and the pages on which the master tells it: {@code /livez}, {@code /readyz}, {@code /metrics} and
 * {@code /status}.
 *
 * <p>The only room that knows Micrometer and the Prometheus client, and none of their classes is loaded unless {@code
 * admin-bind} asks for the pages.
 */
@NullMarked
package io.jcorn.master.metrics;

import org.jspecify.annotations.NullMarked;
