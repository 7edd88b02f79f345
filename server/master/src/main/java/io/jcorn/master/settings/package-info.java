/** Every setting, declared once, and the values that a run has for them. */
@NullMarked
package io.jcorn.master.settings;

import org.jspecify.annotations.NullMarked;
