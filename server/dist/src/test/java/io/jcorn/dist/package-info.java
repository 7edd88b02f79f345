/** Tests of the distribution as a user gets it: the folder, its launcher, the running program. */
@NullMarked
package io.jcorn.dist;

import org.jspecify.annotations.NullMarked;
