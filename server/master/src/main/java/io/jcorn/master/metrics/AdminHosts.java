package io.jcorn.master.metrics;

import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * By which names the admin pages may be asked for.
 *
 * <p>A browser on this machine reaches the loopback interface, and a page of a stranger may let it ask there by a name of the
 * stranger's (DNS rebinding), and read the answer. So on the loopback interface only addresses, {@code localhost} and the name
 * that is bound count. Who binds another address shows the pages to the network, by whatever name that knows him.
 */
final class AdminHosts {

    /** An IPv4 address, or an IPv6 address in its brackets, each with or without a port; RFC 3986, section 3.2.2. */
    private static final Pattern LITERAL =
            Pattern.compile("([0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-fA-F:.]+])(:[0-9]*)?");

    private final boolean everybody;
    private final String name;

    AdminHosts(InetAddress bound, String name) {
        this.everybody = !bound.isLoopbackAddress();
        this.name = name.toLowerCase(Locale.ROOT);
    }

    /** Whether a request with this Host is answered. One without comes from no browser. */
    boolean admit(@Nullable String host) {
        if (everybody || host == null || LITERAL.matcher(host).matches()) {
            return true;
        }
        String asked = host.replaceFirst(":[0-9]*$", "").toLowerCase(Locale.ROOT);
        return asked.equals("localhost") || asked.equals(name);
    }
}
