@NullUnmarked
package io.jcorn.worker.engine;

import org.jspecify.annotations.NullUnmarked;
