package io.jcorn.wire;

import io.jcorn.wire.forwarded.ForwardedHeader;
import io.jcorn.wire.forwarded.Forwarding;
import io.jcorn.wire.forwarded.SchemeHeader;
import io.jcorn.wire.forwarded.TrustedPeers;
import java.util.List;

/**
 * Whose {@code Forwarded} and {@code X-Forwarded-*} headers are believed; the part of a worker's options that all engines of ours
 * share.
 *
 * @param allowIps addresses, CIDR networks, or {@code *}; empty: nobody's
 * @param header which of the two kinds
 * @param schemeHeaders what says that the client came by https
 */
public record ForwardingOptions(List<String> allowIps, ForwardedHeader header, List<SchemeHeader> schemeHeaders) {

    public ForwardingOptions {
        allowIps = List.copyOf(allowIps);
        schemeHeaders = List.copyOf(schemeHeaders);
    }

    /**
     * Returns what reads the headers.
     *
     * @throws IllegalArgumentException if one of those who are allowed is no address
     */
    public Forwarding forwarding() {
        return new Forwarding(TrustedPeers.parse(allowIps), header, schemeHeaders);
    }

    void put(ProgramArguments arguments) {
        allowIps.forEach(address -> arguments.put("forwarded-allow-ips", address));
        arguments.put("forwarded-header", header);
        schemeHeaders.forEach(one -> arguments.put("secure-scheme-headers", one));
    }

    static ForwardingOptions from(ProgramArguments arguments) {
        return new ForwardingOptions(
                arguments.any("forwarded-allow-ips"),
                ForwardedHeader.valueOf(arguments.one("forwarded-header")),
                arguments.any("secure-scheme-headers").stream()
                        .map(SchemeHeader::parse)
                        .toList());
    }
}
