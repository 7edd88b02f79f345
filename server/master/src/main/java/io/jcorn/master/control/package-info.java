/** The master's end of the control channels. */
@NullMarked
package io.jcorn.master.control;

import org.jspecify.annotations.NullMarked;
