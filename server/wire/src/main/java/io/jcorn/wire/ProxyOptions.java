package io.jcorn.wire;

import java.util.List;

/**
 * Whose PROXY headers are taken.
 *
 * @param protocol which headers
 * @param allowFrom who has to send one, all others being turned away: addresses, CIDR networks, or {@code *}
 */
public record ProxyOptions(ProxyProtocol protocol, List<String> allowFrom) {

    public ProxyOptions {
        allowFrom = List.copyOf(allowFrom);
    }

    void put(ProgramArguments arguments) {
        arguments.put("proxy-protocol", protocol);
        allowFrom.forEach(address -> arguments.put("proxy-allow-from", address));
    }

    static ProxyOptions from(ProgramArguments arguments) {
        return new ProxyOptions(
                ProxyProtocol.valueOf(arguments.one("proxy-protocol")), arguments.any("proxy-allow-from"));
    }
}
