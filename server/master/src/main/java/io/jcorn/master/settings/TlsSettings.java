package io.jcorn.master.settings;

import static io.jcorn.master.settings.ScalarTypes.duration;
import static io.jcorn.master.settings.ScalarTypes.path;

import io.jcorn.master.settings.CompoundTypes.Separator;
import io.jcorn.wire.TlsCipher;
import io.jcorn.wire.TlsOptions;
import io.jcorn.wire.TlsOptions.CertificateFiles;
import io.jcorn.wire.TlsOptions.ClientCertificates;
import io.jcorn.wire.TlsOptions.TlsVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The settings of TLS, which the worker class handler speaks. As in {@link Settings}. */
public final class TlsSettings {

    private static final List<Setting<?>> REGISTRY = new ArrayList<>();

    public static final Setting<List<Path>> CERTFILE = list(
                    "certfile", path("FILE", "files of certificates"), Separator.COMMA)
            .without("none: plain HTTP is spoken", "/etc/letsencrypt/live/example.com/fullchain.pem")
            .prose("The server's certificate; with it all addresses of bind speak TLS.", """
                    A PEM file: the server's own certificate first, then those that lead to its authority. It may hold
                    the key too. Or a key store (PKCS #12 or JKS), which needs keyfile-password-file. May be given several
                    times, each with its keyfile: a client gets the certificate that has the name it asks for, else one
                    whose wildcard fits, else the first.

                    The workers notice within seconds when files change, and serve new connections with them as soon as
                    certificate and key belong together; a reload is not needed. For the worker class handler.
                    """);

    public static final Setting<List<Path>> KEYFILE = list(
                    "keyfile", path("FILE", "files of private keys"), Separator.COMMA)
            .without("the key is in the certfile", "/etc/letsencrypt/live/example.com/privkey.pem")
            .prose("The private key of the certfile, in PEM form.", """
                    RSA, or EC on P-256, P-384 or P-521. Given several times, it belongs to the certfiles in their
                    order; where one of them holds its key itself, name it a second time here.
                    """);

    public static final Setting<Optional<Path>> KEYFILE_PASSWORD_FILE = optional(
                    "keyfile-password-file", path("FILE", "a file that holds a password"))
            .without("none: the keys are not encrypted", "/run/secrets/tls-password")
            .prose("The file whose first line is the password of encrypted keys and of key stores.", """
                    Only the server's user should be able to read it. A password in a flag or a variable would be
                    there for everybody to read, so there is no setting for that.
                    """);

    public static final Setting<Optional<Path>> CA_CERTS = optional(
                    "ca-certs", path("FILE", "a file of certificates in PEM form"))
            .without("none: clients need no certificate", "/etc/jcorn/clients-ca.pem")
            .prose("The authorities that clients' certificates must come from, for cert-reqs.", """
                    One PEM file with all of them.
                    """);

    public static final Setting<ClientCertificates> CERT_REQS = setting(
                    "cert-reqs", TlsTypes.clientCertificates(), "none")
            .prose("Whether clients must show a certificate: none, optional or required.", """
                    optional asks for one, lets in who has none, and refuses one that is not good. required refuses
                    everybody else. The application finds it in the SSLSession of the HttpsExchange. gunicorn's
                    numbers 0, 1 and 2 mean the same.
                    """);

    public static final Setting<List<TlsCipher>> CIPHERS = list("ciphers", TlsTypes.cipher(), Separator.COMMA_OR_COLON)
            .without(
                    "ECDHE with AES-GCM or ChaCha20-Poly1305",
                    "ECDHE-ECDSA-AES256-GCM-SHA384",
                    "ECDHE-RSA-AES256-GCM-SHA384")
            .prose("The cipher suites of TLS 1.2, the best first.", """
                    By OpenSSL's or IANA's names. The default has forward secrecy and authenticated encryption only; for
                    very old clients, ECDHE-RSA-AES128-SHA and its like can be added to it. The server's order decides.
                    The suites of TLS 1.3 are always the same and need no setting.
                    """);

    public static final Setting<TlsVersion> TLS_MIN_VERSION = setting("tls-min-version", TlsTypes.version(), "1.2")
            .prose("The oldest version of TLS that is spoken: 1.2 or 1.3.", """
                    1.0 and 1.1 are not spoken at all (RFC 8996). It takes the place of gunicorn's ssl-version.
                    """);

    public static final Setting<Duration> TLS_HANDSHAKE_TIMEOUT = setting(
                    "tls-handshake-timeout", duration(Duration.ofMillis(100), Duration.ofHours(1), ""), "10s")
            .prose("How long a client may take from its connection to the end of the TLS handshake.", """
                    It holds a connection of worker-connections meanwhile, so patience is what an attacker would use.
                    """);

    private TlsSettings() {}

    static List<Setting<?>> all() {
        return Collections.unmodifiableList(REGISTRY);
    }

    /** Returns whether TLS is spoken. */
    public static boolean on(Configuration configuration) {
        return !configuration.get(CERTFILE).isEmpty();
    }

    /**
     * Returns what the workers are told.
     *
     * @param ticketSecret the file with the secret of session tickets
     */
    public static TlsOptions options(Configuration configuration, Path ticketSecret) {
        List<Path> certificates = configuration.get(CERTFILE);
        List<Path> keys = configuration.get(KEYFILE);
        List<TlsCipher> ciphers = configuration.get(CIPHERS);
        List<CertificateFiles> pairs = new ArrayList<>();
        for (int i = 0; i < certificates.size(); i++) {
            Path certificate = certificates.get(i);
            pairs.add(new CertificateFiles(certificate, keys.isEmpty() ? certificate : keys.get(i)));
        }
        return new TlsOptions(
                pairs,
                configuration.get(KEYFILE_PASSWORD_FILE),
                configuration.get(CERT_REQS),
                configuration.get(CA_CERTS),
                ciphers.isEmpty() ? TlsCipher.modern() : ciphers,
                configuration.get(TLS_MIN_VERSION),
                ticketSecret);
    }

    private static <T> Setting.Block<T> setting(String key, SettingType<T> type, String... texts) {
        return new Setting.Block<>(REGISTRY, Section.TLS, key, type, texts);
    }

    private static <T> Setting.Block<Optional<T>> optional(String key, ScalarType<T> type) {
        return setting(key, CompoundTypes.optional(type));
    }

    private static <T> Setting.Block<List<T>> list(
            String key, ScalarType<T> element, Separator separator, String... texts) {
        return setting(key, CompoundTypes.list(element, separator), texts);
    }
}
