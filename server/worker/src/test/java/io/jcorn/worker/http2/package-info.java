@NullMarked
package io.jcorn.worker.http2;

import org.jspecify.annotations.NullMarked;
