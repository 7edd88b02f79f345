package io.jcorn.master.settings;

/** A protocol that clients of TLS listeners are offered. */
public enum HttpProtocol {
    /** HTTP/1.1, and HTTP/1.0 to whoever asks in it. */
    H1("http/1.1"),
    /** HTTP/2. */
    H2("h2");

    private final String alpn;

    HttpProtocol(String alpn) {
        this.alpn = alpn;
    }

    /** Returns its name in the TLS handshake: RFC 7301 §6. */
    public String alpn() {
        return alpn;
    }
}
