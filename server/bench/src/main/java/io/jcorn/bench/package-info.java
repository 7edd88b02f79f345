/** Benchmarks of what every request passes through in a handler worker. See the README of this module. */
@NullMarked
package io.jcorn.bench;

import org.jspecify.annotations.NullMarked;
