@NullUnmarked
package io.jcorn.worker.proxy;

import org.jspecify.annotations.NullUnmarked;
