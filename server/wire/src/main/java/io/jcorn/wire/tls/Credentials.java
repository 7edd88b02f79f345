package io.jcorn.wire.tls;

import io.jcorn.wire.TlsOptions;
import io.jcorn.wire.TlsOptions.CertificateFiles;
import io.jcorn.wire.TlsOptions.ClientCertificates;
import io.jcorn.wire.tls.CredentialsException.Source;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the files of the TLS settings hold, checked: every key belongs to its certificate.
 *
 * @param identities at least one; the first is for clients that name no host or an unknown one
 * @param authorities those that clients' certificates must come from; none: clients are not asked
 */
public record Credentials(List<Identity> identities, List<X509Certificate> authorities) {

    /**
     * Reads the files.
     *
     * @throws CredentialsException for the first that cannot be used
     */
    public static Credentials read(TlsOptions options) throws CredentialsException {
        Optional<Password> password = options.passwordFile().isPresent()
                ? Optional.of(Password.read(options.passwordFile().get()))
                : Optional.empty();
        List<Identity> identities = new ArrayList<>();
        for (CertificateFiles pair : options.certificates()) {
            identities.addAll(identities(pair, password));
        }
        return new Credentials(List.copyOf(identities), authorities(options));
    }

    private static List<Identity> identities(CertificateFiles files, Optional<Password> password)
            throws CredentialsException {
        byte[] content = Contents.of(files.certificate(), Source.CERTIFICATE);
        Optional<KeyStoreReader> store = KeyStoreReader.of(files.certificate(), content);
        if (store.isPresent()) {
            if (!files.key().equals(files.certificate())) {
                throw new CredentialsException(
                        Source.KEY,
                        files.certificate() + " is a key store, which holds its keys itself: leave out " + files.key()
                                + ", or name the key store a second time in its place");
            }
            return store.get().identities(password);
        }
        List<Pem> blocks = blocks(files.certificate(), content, Source.CERTIFICATE);
        List<X509Certificate> chain = certificates(files.certificate(), blocks, Source.CERTIFICATE);
        PrivateKey key = new KeyReader(files.key(), password).read(keyBlocks(files, blocks));
        requireMatch(files, key, chain);
        return List.of(Identity.of(files.certificate(), key, chain));
    }

    private static List<Pem> keyBlocks(CertificateFiles files, List<Pem> blocks) throws CredentialsException {
        if (!files.key().equals(files.certificate())) {
            return blocks(files.key(), Contents.of(files.key(), Source.KEY), Source.KEY);
        }
        if (blocks.stream().noneMatch(Pem::key)) {
            throw new CredentialsException(
                    Source.CERTIFICATE,
                    files.certificate()
                            + " holds a certificate and no private key. Name the file of the key: --keyfile");
        }
        return blocks;
    }

    private static List<X509Certificate> authorities(TlsOptions options) throws CredentialsException {
        if (options.clients() == ClientCertificates.NONE
                || options.authorities().isEmpty()) {
            return List.of();
        }
        Path file = options.authorities().get();
        byte[] content = Contents.of(file, Source.AUTHORITIES);
        return certificates(file, blocks(file, content, Source.AUTHORITIES), Source.AUTHORITIES);
    }

    private static List<Pem> blocks(Path file, byte[] content, Source source) throws CredentialsException {
        try {
            List<Pem> blocks = Pem.blocks(new String(content, StandardCharsets.ISO_8859_1));
            if (blocks.isEmpty()) {
                throw new CredentialsException(
                        source, file + " " + (content.length == 0 ? "is empty" : notPem(content)));
            }
            return blocks;
        } catch (IllegalArgumentException e) {
            throw new CredentialsException(source, file + " is not a usable PEM file: " + e.getMessage());
        }
    }

    private static String notPem(byte[] content) {
        try {
            certificate(content);
            return "is a certificate in DER form. Convert it: openssl x509 -inform der -in FILE -out FILE.pem";
        } catch (CertificateException e) {
            return "is not a PEM file: it has no line that begins with -----BEGIN";
        }
    }

    private static List<X509Certificate> certificates(Path file, List<Pem> blocks, Source source)
            throws CredentialsException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Pem block : blocks) {
            if (block.certificate()) {
                try {
                    certificates.add(certificate(block.content()));
                } catch (CertificateException e) {
                    throw new CredentialsException(
                            source, file + ": certificate " + (certificates.size() + 1) + " of it is damaged");
                }
            }
        }
        if (certificates.isEmpty()) {
            throw new CredentialsException(
                    source,
                    file + " holds no certificate, but only: " + blocks.get(0).type());
        }
        return certificates;
    }

    private static X509Certificate certificate(byte[] der) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    private static void requireMatch(CertificateFiles files, PrivateKey key, List<X509Certificate> chain)
            throws CredentialsException {
        if (matches(key, chain.get(0))) {
            return;
        }
        for (int i = 1; i < chain.size(); i++) {
            if (matches(key, chain.get(i))) {
                throw new CredentialsException(
                        Source.CERTIFICATE,
                        files.certificate() + ": the server's own certificate is number " + (i + 1)
                                + " in it and has to be the first, before those that lead to its authority");
            }
        }
        throw new CredentialsException(
                Source.KEY,
                "the key in " + files.key() + " does not belong to the certificate in " + files.certificate() + " ("
                        + chain.get(0).getSubjectX500Principal().getName() + ")");
    }

    /** Whether what the one signs the other accepts. */
    static boolean matches(PrivateKey key, X509Certificate certificate) {
        if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
            return false;
        }
        try {
            Signature signature =
                    Signature.getInstance(key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
            byte[] text = {'j', 'c', 'o', 'r', 'n'};
            signature.initSign(key);
            signature.update(text);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(text);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            // Keys on different curves: what the one signs the other cannot even read.
            return false;
        }
    }
}
