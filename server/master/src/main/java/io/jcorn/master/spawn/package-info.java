/** How a worker is born: which Java, which flags, which descriptors, which environment. */
@NullMarked
package io.jcorn.master.spawn;

import org.jspecify.annotations.NullMarked;
