/**
 * Certificates and keys as they lie in files. The master reads them to refuse what cannot work, the workers to serve with
 * them; both in the same words.
 */
@NullMarked
package io.jcorn.wire.tls;

import org.jspecify.annotations.NullMarked;
