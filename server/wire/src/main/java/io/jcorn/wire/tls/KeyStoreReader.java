package io.jcorn.wire.tls;

import io.jcorn.wire.tls.CredentialsException.Source;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Reads the keys and certificates of a key store, PKCS #12 or Java's own. */
final class KeyStoreReader {

    private static final int JKS = 0xFEEDFEED;

    private final Path file;
    private final byte[] content;
    private final String type;

    private KeyStoreReader(Path file, byte[] content, String type) {
        this.file = file;
        this.content = content;
        this.type = type;
    }

    /** Recognises a key store by its first bytes; empty: it is none. */
    static Optional<KeyStoreReader> of(Path file, byte[] content) {
        if (content.length < 8) {
            return Optional.empty();
        }
        int first = ByteBuffer.wrap(content).getInt();
        if (first == JKS) {
            return Optional.of(new KeyStoreReader(file, content, "JKS"));
        }
        return pkcs12(content) ? Optional.of(new KeyStoreReader(file, content, "PKCS12")) : Optional.empty();
    }

    /** SEQUENCE { INTEGER 3, … } (RFC 7292 §4), where a certificate in DER form has another SEQUENCE. */
    private static boolean pkcs12(byte[] content) {
        if (content[0] != Der.SEQUENCE) {
            return false;
        }
        int octets = (content[1] & 0x80) == 0 ? 0 : content[1] & 0x7F;
        int version = 2 + octets;
        return version + 2 < content.length
                && content[version] == Der.INTEGER
                && content[version + 1] == 1
                && content[version + 2] == 3;
    }

    List<Identity> identities(Optional<Password> password) throws CredentialsException {
        Password given = password.orElseThrow(() -> new CredentialsException(
                Source.CERTIFICATE,
                file + " is a key store, and no password is given. Put it into a file that only the"
                        + " server's user can read, and name that: --keyfile-password-file"));
        try {
            KeyStore store = KeyStore.getInstance(type);
            store.load(new ByteArrayInputStream(content), given.characters());
            List<Identity> identities = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    identities.add(identity(store, alias, given));
                }
            }
            if (identities.isEmpty()) {
                throw new CredentialsException(Source.CERTIFICATE, file + " is a key store without a private key");
            }
            return identities;
        } catch (UnrecoverableKeyException e) {
            throw wrongPassword(given);
        } catch (IOException e) {
            throw e.getCause() instanceof UnrecoverableKeyException
                    ? wrongPassword(given)
                    : new CredentialsException(Source.CERTIFICATE, file + " is a damaged key store: " + e.getMessage());
        } catch (GeneralSecurityException e) {
            throw new CredentialsException(Source.CERTIFICATE, file + " cannot be read: " + e.getMessage());
        }
    }

    private Identity identity(KeyStore store, String alias, Password given)
            throws GeneralSecurityException, CredentialsException {
        Certificate[] chain = store.getCertificateChain(alias);
        List<X509Certificate> certificates = chain == null
                ? List.of()
                : Arrays.stream(chain).map(X509Certificate.class::cast).toList();
        if (store.getKey(alias, given.characters()) instanceof PrivateKey key
                && !certificates.isEmpty()
                && Credentials.matches(key, certificates.get(0))) {
            return Identity.of(file, key, certificates);
        }
        throw new CredentialsException(
                Source.CERTIFICATE,
                file + ": the entry \"" + alias + "\" is not an RSA or EC key with the certificate that belongs to it");
    }

    private CredentialsException wrongPassword(Password given) {
        return new CredentialsException(
                Source.PASSWORD,
                given.ascii() || !type.equals("PKCS12")
                        ? "the password in " + given.file() + " does not open the key store " + file
                        : "the password in " + given.file()
                                + " is not ASCII, which is all that Java takes for a PKCS #12"
                                + " store. Choose another one, or take the key out of the store: openssl pkcs12 -in "
                                + file
                                + " -nodes -out NEW.pem");
    }
}
