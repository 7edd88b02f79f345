/** The process that you start: it puts the rooms together. Imports every room, imported by none but {@code cli}. */
@NullMarked
package io.jcorn.master;

import org.jspecify.annotations.NullMarked;
