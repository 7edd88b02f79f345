@NullUnmarked
package io.jcorn.worker.files;

import org.jspecify.annotations.NullUnmarked;
