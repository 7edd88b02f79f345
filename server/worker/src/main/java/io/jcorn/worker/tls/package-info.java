/** TLS for the engine: certificates that change, session tickets that all workers understand, and who does the sums. */
@NullMarked
package io.jcorn.worker.tls;

import org.jspecify.annotations.NullMarked;
