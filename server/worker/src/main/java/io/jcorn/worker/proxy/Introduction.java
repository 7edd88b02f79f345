package io.jcorn.worker.proxy;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a PROXY header says.
 *
 * @param client who connected to the proxy; null if the header does not say
 * @param destination what he connected to; null if the header does not say
 * @param secure whether he came by TLS
 * @param ofProxy whether the proxy connected for itself, as for a health check ({@code LOCAL})
 */
public record Introduction(
        @Nullable InetSocketAddress client, @Nullable InetSocketAddress destination, boolean secure, boolean ofProxy) {

    /** The proxy speaks for itself. */
    static final Introduction OF_PROXY = new Introduction(null, null, false, true);

    /** The proxy speaks for somebody of whom it cannot say who he is. */
    static final Introduction OF_SOMEBODY = new Introduction(null, null, false, false);
}
