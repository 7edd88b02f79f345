/** HTTP/1.1 as bytes: heads, bodies, limits, refusals. Pure: no socket, no thread, no clock but the date. */
@NullMarked
package io.jcorn.worker.http;

import org.jspecify.annotations.NullMarked;
