package io.jcorn.wire.forwarded;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from, as far as trusted proxies say. What is null they do not say, or it cannot be understood: then the
 * connection's own ends hold.
 *
 * @param client the client's address; port 0 where only the address is told
 * @param scheme {@code http} or {@code https}
 * @param authority the host that the client asked for, perhaps with a port, as in a {@code Host} header
 */
public record Origin(
        @Nullable InetSocketAddress client,
        @Nullable String scheme,
        @Nullable String authority) {

    /** Nothing is said. */
    public static final Origin UNSAID = new Origin(null, null, null);

    /** Whether nothing is said. */
    public boolean silent() {
        return client == null && scheme == null && authority == null;
    }
}
