/** Looks into the application, without loading it, and decides what kind of worker runs it. */
@NullMarked
package io.jcorn.master.archive;

import org.jspecify.annotations.NullMarked;
