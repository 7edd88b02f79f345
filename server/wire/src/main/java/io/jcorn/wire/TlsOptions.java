package io.jcorn.wire;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a {@code handler} worker speaks TLS; a part of its options. It names files and holds no secret: program arguments
 * can be read by others.
 *
 * @param certificates the server's certificates with their keys, at least one; the first is for clients that name no host
 * @param passwordFile holds the password of encrypted keys and of key stores in its first line; empty: nothing is encrypted
 * @param clients whether clients show certificates
 * @param authorities the certificates that clients' certificates must come from; empty only without client certificates
 * @param ciphers the suites of TLS 1.2 in the order of the server's preference, at least one
 * @param least the oldest version that is spoken
 * @param ticketSecret the file that the keys of session tickets are derived from; the same for all workers of a master
 */
public record TlsOptions(
        List<CertificateFiles> certificates,
        Optional<Path> passwordFile,
        ClientCertificates clients,
        Optional<Path> authorities,
        List<TlsCipher> ciphers,
        TlsVersion least,
        Path ticketSecret) {

    public TlsOptions {
        certificates = List.copyOf(certificates);
        ciphers = List.copyOf(ciphers);
    }

    /**
     * Where a certificate and its key are.
     *
     * @param certificate a PEM file with the certificate and those that lead to its authority, or a key store
     * @param key a PEM file with the key; the same file if it holds both
     */
    public record CertificateFiles(Path certificate, Path key) {}

    /** Whether clients have to show a certificate. */
    public enum ClientCertificates {
        /** They are not asked. */
        NONE,
        /** They are asked; one that is shown has to be good. */
        OPTIONAL,
        /** Nobody comes in without. */
        REQUIRED
    }

    /** The versions of TLS that are spoken at all: RFC 8996 forbids the older ones. */
    public enum TlsVersion {
        /** RFC 5246. */
        V1_2("1.2"),
        /** RFC 8446. */
        V1_3("1.3");

        private final String number;

        TlsVersion(String number) {
            this.number = number;
        }

        /** Returns it as {@code 1.2}. */
        public String number() {
            return number;
        }

        /** Returns the name that Java's own interfaces use, as {@code TLSv1.2}. */
        public String protocol() {
            return "TLSv" + number;
        }
    }

    /** Returns all files that this names, but for the secret, which does not change. */
    public List<Path> files() {
        List<Path> files = new ArrayList<>();
        for (CertificateFiles pair : certificates) {
            files.add(pair.certificate());
            if (!pair.key().equals(pair.certificate())) {
                files.add(pair.key());
            }
        }
        passwordFile.ifPresent(files::add);
        authorities.ifPresent(files::add);
        return files;
    }

    void put(ProgramArguments arguments) {
        for (CertificateFiles pair : certificates) {
            arguments.put("tls-certificate", pair.certificate()).put("tls-key", pair.key());
        }
        passwordFile.ifPresent(file -> arguments.put("tls-password-file", file));
        arguments.put("tls-clients", clients.name().toLowerCase(Locale.ROOT));
        authorities.ifPresent(file -> arguments.put("tls-authorities", file));
        ciphers.forEach(cipher -> arguments.put("tls-cipher", cipher.name()));
        arguments.put("tls-least", least.name()).put("tls-ticket-secret", ticketSecret);
    }

    static Optional<TlsOptions> from(ProgramArguments arguments) {
        List<String> certificates = arguments.any("tls-certificate");
        if (certificates.isEmpty()) {
            return Optional.empty();
        }
        List<String> keys = arguments.any("tls-key");
        List<CertificateFiles> pairs = new ArrayList<>();
        for (int i = 0; i < certificates.size() && i < keys.size(); i++) {
            pairs.add(new CertificateFiles(Path.of(certificates.get(i)), Path.of(keys.get(i))));
        }
        return Optional.of(new TlsOptions(
                pairs,
                arguments.any("tls-password-file").stream().findFirst().map(Path::of),
                ClientCertificates.valueOf(arguments.one("tls-clients").toUpperCase(Locale.ROOT)),
                arguments.any("tls-authorities").stream().findFirst().map(Path::of),
                arguments.any("tls-cipher").stream().map(TlsCipher::valueOf).toList(),
                TlsVersion.valueOf(arguments.one("tls-least")),
                Path.of(arguments.one("tls-ticket-secret"))));
    }
}
