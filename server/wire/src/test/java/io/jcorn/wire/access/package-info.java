@NullUnmarked
package io.jcorn.wire.access;

import org.jspecify.annotations.NullUnmarked;
