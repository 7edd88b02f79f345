/** HTTP/2: many exchanges at once on one connection, and what keeps its clients from abusing that. */
@NullMarked
package io.jcorn.worker.http2;

import org.jspecify.annotations.NullMarked;
