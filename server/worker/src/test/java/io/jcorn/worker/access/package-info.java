@NullUnmarked
package io.jcorn.worker.access;

import org.jspecify.annotations.NullUnmarked;
