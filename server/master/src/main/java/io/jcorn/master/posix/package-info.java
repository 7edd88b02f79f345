/** The kernel: processes, signals, sockets, users. The only door to jnr. */
@NullMarked
package io.jcorn.master.posix;

import org.jspecify.annotations.NullMarked;
