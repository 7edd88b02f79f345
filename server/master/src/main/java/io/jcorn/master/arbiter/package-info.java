/** The heart: one loop over one queue, and the pure decision about what to do next. */
@NullMarked
package io.jcorn.master.arbiter;

import org.jspecify.annotations.NullMarked;
