package io.jcorn.wire;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The cipher suites of TLS 1.2 that both BoringSSL and the JDK speak, under OpenSSL's name. Those of TLS 1.3 are all good,
 * and are not chosen.
 */
public enum TlsCipher {
    ECDHE_ECDSA_AES128_GCM_SHA256("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", true),
    ECDHE_RSA_AES128_GCM_SHA256("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", true),
    ECDHE_ECDSA_AES256_GCM_SHA384("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", true),
    ECDHE_RSA_AES256_GCM_SHA384("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", true),
    ECDHE_ECDSA_CHACHA20_POLY1305("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", true),
    ECDHE_RSA_CHACHA20_POLY1305("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", true),
    ECDHE_ECDSA_AES128_SHA("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", false),
    ECDHE_RSA_AES128_SHA("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", false),
    ECDHE_ECDSA_AES256_SHA("TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", false),
    ECDHE_RSA_AES256_SHA("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", false),
    AES128_GCM_SHA256("TLS_RSA_WITH_AES_128_GCM_SHA256", false),
    AES256_GCM_SHA384("TLS_RSA_WITH_AES_256_GCM_SHA384", false),
    AES128_SHA("TLS_RSA_WITH_AES_128_CBC_SHA", false),
    AES256_SHA("TLS_RSA_WITH_AES_256_CBC_SHA", false);

    private final String ianaName;
    private final boolean modern;

    TlsCipher(String ianaName, boolean modern) {
        this.ianaName = ianaName;
        this.modern = modern;
    }

    /** Returns the name in IANA's registry, which Java uses too. */
    public String ianaName() {
        return ianaName;
    }

    /** Returns OpenSSL's name, as {@code ECDHE-RSA-AES128-GCM-SHA256}. */
    public String opensslName() {
        return name().replace('_', '-');
    }

    /** Returns those with forward secrecy and authenticated encryption, in the order of preference. */
    public static List<TlsCipher> modern() {
        return Arrays.stream(values()).filter(cipher -> cipher.modern).toList();
    }

    /** Finds a suite by OpenSSL's or IANA's name. */
    public static Optional<TlsCipher> named(String name) {
        String wanted = name.toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(cipher -> wanted.equals(cipher.opensslName())
                        || wanted.equals(cipher.ianaName)
                        || wanted.equals(cipher.name()))
                .findFirst();
    }
}
