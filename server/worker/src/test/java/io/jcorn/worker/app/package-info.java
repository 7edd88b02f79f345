@NullUnmarked
package io.jcorn.worker.app;

import org.jspecify.annotations.NullUnmarked;
