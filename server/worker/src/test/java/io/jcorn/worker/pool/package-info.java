@NullUnmarked
package io.jcorn.worker.pool;

import org.jspecify.annotations.NullUnmarked;
