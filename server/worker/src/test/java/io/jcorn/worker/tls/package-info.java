@NullMarked
package io.jcorn.worker.tls;

import org.jspecify.annotations.NullMarked;
