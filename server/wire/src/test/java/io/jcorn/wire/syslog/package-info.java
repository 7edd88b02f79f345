@NullUnmarked
package io.jcorn.wire.syslog;

import org.jspecify.annotations.NullUnmarked;
