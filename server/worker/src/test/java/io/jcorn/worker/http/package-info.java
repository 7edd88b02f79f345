@NullUnmarked
package io.jcorn.worker.http;

import org.jspecify.annotations.NullUnmarked;
