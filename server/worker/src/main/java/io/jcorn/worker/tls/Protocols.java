package io.jcorn.worker.tls;

import java.util.List;

/** What may be spoken inside TLS, by the names of ALPN (RFC 7301 §6). */
public final class Protocols {

    /** What a client speaks that names none. */
    public static final String HTTP_1_1 = "http/1.1";

    /** What is offered, the best first. */
    static final List<String> OFFERED = List.of(HTTP_1_1);

    private Protocols() {}
}
