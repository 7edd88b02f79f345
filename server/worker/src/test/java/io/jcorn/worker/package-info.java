@NullUnmarked
package io.jcorn.worker;

import org.jspecify.annotations.NullUnmarked;
