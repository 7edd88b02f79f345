/**
 * The application of the training run: a real master starts a real worker with it, so that the class-data archives of both
 * hold what a start and a first request load.
 */
@NullMarked
package io.jcorn.training;

import org.jspecify.annotations.NullMarked;
