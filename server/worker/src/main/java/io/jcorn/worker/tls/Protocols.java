package io.jcorn.worker.tls;

/** What may be spoken inside TLS, by the names of ALPN (RFC 7301 §6). */
public final class Protocols {

    /** What a client speaks that names none. */
    public static final String HTTP_1_1 = "http/1.1";

    /** HTTP/2 over TLS (RFC 9113 §3.2). */
    public static final String H2 = "h2";

    private Protocols() {}
}
