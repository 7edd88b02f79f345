@NullUnmarked
package io.jcorn.worker.exchange;

import org.jspecify.annotations.NullUnmarked;
