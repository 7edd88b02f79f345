/** Finds, loads and closes the application. */
@NullMarked
package io.jcorn.worker.app;

import org.jspecify.annotations.NullMarked;
