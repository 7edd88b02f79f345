/** HAProxy's PROXY protocol: the header by which a proxy says for whom it has connected. Knows bytes, no socket. */
@NullMarked
package io.jcorn.worker.proxy;

import org.jspecify.annotations.NullMarked;
