package io.jcorn.wire.forwarded;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is believed of the headers of trusted peers.
 *
 * <p>Each proxy adds the address of whoever it was asked by to the end of a list. The list is therefore walked from its end, as
 * long as what is found there is itself a trusted proxy: the first one that is not is the client, and whatever stands before it
 * is the client's own invention. An entry that is no address ends the walk too, and the client is then the proxy that wrote it.
 *
 * <p>Nothing here may be asked for a peer that is not trusted. Thread-safe.
 */
public final class Forwarding {

    private static final String FORWARDED = "forwarded";
    private static final String FOR = "x-forwarded-for";
    private static final String HOST = "x-forwarded-host";
    private static final String PORT = "x-forwarded-port";

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private enum Scheme {
        UNSAID,
        HTTP,
        HTTPS,
        CONTRADICTORY
    }

    private final TrustedPeers trusted;
    private final ForwardedHeader header;
    private final List<SchemeHeader> schemeHeaders;
    private final String[] schemeNames;
    private final String[] names;

    /** What these believe. */
    public Forwarding(TrustedPeers trusted, ForwardedHeader header, List<SchemeHeader> schemeHeaders) {
        this.trusted = trusted;
        this.header = header;
        // To whom only Forwarded counts these are headers like others.
        this.schemeHeaders = header == ForwardedHeader.FORWARDED ? List.of() : List.copyOf(schemeHeaders);
        this.schemeNames =
                this.schemeHeaders.stream().map(SchemeHeader::lowerCaseName).toArray(String[]::new);
        this.names = Stream.concat(Stream.of(FORWARDED, FOR, HOST), Arrays.stream(schemeNames))
                .toArray(String[]::new);
    }

    /** Returns who is believed. */
    public TrustedPeers trusted() {
        return trusted;
    }

    /**
     * Whether headers say http and https at once: then the request must be refused, as nobody can know which of them a proxy wrote.
     */
    public boolean contradictory(HeaderLines lines) {
        return scheme(lines) == Scheme.CONTRADICTORY;
    }

    /**
     * Returns the names of headers about the scheme, in lower case: a request that has at most one line of them is never
     * contradictory. Not to be written to.
     */
    public String[] schemeNames() {
        return schemeNames;
    }

    /**
     * Returns the names of all headers that tell something by themselves, in lower case: of a request that has none of them
     * {@link #origin} says nothing. Not to be written to.
     */
    public String[] names() {
        return names;
    }

    /** Reads where a request of a trusted peer comes from. */
    public Origin origin(HeaderLines lines) {
        boolean chain =
                header != ForwardedHeader.FORWARDED && !lines.values(FOR).isEmpty();
        List<String> forwarded = header == ForwardedHeader.X_FORWARDED || chain ? List.of() : lines.values(FORWARDED);
        return forwarded.isEmpty() ? ofExtensions(lines) : ofStandard(forwarded, lines);
    }

    // ---- X-Forwarded-*

    private Origin ofExtensions(HeaderLines lines) {
        if (header == ForwardedHeader.FORWARDED) {
            return Origin.UNSAID;
        }
        InetSocketAddress client = null;
        for (String entry : Elements.fromEnd(lines.values(FOR), false)) {
            InetSocketAddress node = Node.parse(entry, true);
            if (node == null) {
                break;
            }
            client = node;
            if (!trusted.trusts(node.getAddress())) {
                break;
            }
        }
        String scheme = schemeText(lines);
        String authority = authority(lines, scheme);
        return client == null && scheme == null && authority == null
                ? Origin.UNSAID
                : new Origin(client, scheme, authority);
    }

    private @Nullable String schemeText(HeaderLines lines) {
        return switch (scheme(lines)) {
            case HTTP -> "http";
            case HTTPS -> "https";
            case UNSAID, CONTRADICTORY -> null;
        };
    }

    private Scheme scheme(HeaderLines lines) {
        Scheme scheme = Scheme.UNSAID;
        for (int i = 0; i < schemeNames.length; i++) {
            String secure = schemeHeaders.get(i).value();
            for (String value : lines.values(schemeNames[i])) {
                Scheme said = value.equals(secure) ? Scheme.HTTPS : Scheme.HTTP;
                if (scheme != Scheme.UNSAID && scheme != said) {
                    return Scheme.CONTRADICTORY;
                }
                scheme = said;
            }
        }
        return scheme;
    }

    /** Of a list the last: the nearest proxy wrote that. */
    private static @Nullable String authority(HeaderLines lines, @Nullable String scheme) {
        List<String> hosts = Elements.fromEnd(lines.values(HOST), false);
        if (hosts.isEmpty() || !Authority.valid(hosts.get(0))) {
            return null;
        }
        String host = hosts.get(0);
        List<String> ports = Elements.fromEnd(lines.values(PORT), false);
        if (ports.isEmpty() || Authority.hasPort(host)) {
            return host;
        }
        int port = IpLiteral.decimal(ports.get(0), 0, ports.get(0).length(), 65_535);
        int usual = "https".equals(scheme) ? HTTPS_PORT : HTTP_PORT;
        return port <= 0 || port == usual ? host : host + ":" + port;
    }

    // ---- Forwarded

    private Origin ofStandard(List<String> forwarded, HeaderLines lines) {
        InetSocketAddress client = null;
        Map<String, String> last = Map.of();
        for (String element : Elements.fromEnd(forwarded, true)) {
            Map<String, String> parameters = Elements.parameters(element);
            if (parameters == null) {
                break;
            }
            // Whoever wrote this element is trusted, whether it names an address or not.
            last = parameters;
            String name = parameters.get("for");
            InetSocketAddress node = name == null ? null : Node.parse(name, false);
            if (node == null) {
                break;
            }
            client = node;
            if (!trusted.trusts(node.getAddress())) {
                break;
            }
        }
        String host = last.get("host");
        String scheme = scheme(last.get("proto"));
        return new Origin(
                client,
                scheme == null ? schemeText(lines) : scheme,
                host != null && Authority.valid(host) ? host : null);
    }

    private static @Nullable String scheme(@Nullable String proto) {
        if ("https".equalsIgnoreCase(proto)) {
            return "https";
        }
        return "http".equalsIgnoreCase(proto) ? "http" : null;
    }
}
