/** Copies of the application, one per generation, so that nobody notices when the file on disk is replaced. */
@NullMarked
package io.jcorn.master.snapshot;

import org.jspecify.annotations.NullMarked;
