package io.jcorn.wire;

import java.util.List;

/**
 * How requests are read and where they belong; a part of the options of {@code handler} and {@code servlet} workers.
 *
 * @param obsoleteFolding whether a header field may go on in the next line
 * @param unconventionalMethods whether a method may be any token
 * @param unconventionalVersions whether HTTP/1.2 and above are taken for HTTP/1.1
 * @param casefoldMethods whether methods are turned into upper case
 * @param headerMap what happens to header fields whose name has an underscore
 * @param forwarderHeaders names with underscores that a trusted peer may send; {@code *} is all
 * @param rootPath the path under which clients see the application, without a slash at its end; empty: at the root
 */
public record RequestReading(
        boolean obsoleteFolding,
        boolean unconventionalMethods,
        boolean unconventionalVersions,
        boolean casefoldMethods,
        HeaderMap headerMap,
        List<String> forwarderHeaders,
        String rootPath) {

    /** What happens to header fields whose name has an underscore. */
    public enum HeaderMap {
        /** They are left out. */
        DROP,
        /** The request is refused. */
        REFUSE,
        /** They are passed on. */
        DANGEROUS
    }

    public RequestReading {
        forwarderHeaders = List.copyOf(forwarderHeaders);
    }

    void put(ProgramArguments arguments) {
        arguments
                .put("permit-obsolete-folding", obsoleteFolding)
                .put("permit-unconventional-http-method", unconventionalMethods)
                .put("permit-unconventional-http-version", unconventionalVersions)
                .put("casefold-http-method", casefoldMethods)
                .put("header-map", headerMap)
                .put("root-path", rootPath);
        forwarderHeaders.forEach(name -> arguments.put("forwarder-header", name));
    }

    static RequestReading from(ProgramArguments arguments) {
        return new RequestReading(
                Boolean.parseBoolean(arguments.one("permit-obsolete-folding")),
                Boolean.parseBoolean(arguments.one("permit-unconventional-http-method")),
                Boolean.parseBoolean(arguments.one("permit-unconventional-http-version")),
                Boolean.parseBoolean(arguments.one("casefold-http-method")),
                HeaderMap.valueOf(arguments.one("header-map")),
                arguments.any("forwarder-header"),
                arguments.one("root-path"));
    }
}
