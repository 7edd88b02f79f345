/** Applications that do what applications should not, each in its own way, to see what jcorn does about it. */
@NullMarked
package io.jcorn.examples.misbehaving;

import org.jspecify.annotations.NullMarked;
