package io.jcorn.wire.tls;

import io.jcorn.wire.tls.CredentialsException.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Reads the private key of a PEM file, whatever form OpenSSL has given it over the years. */
final class KeyReader {

    private static final String PBES2 = "1.2.840.113549.1.5.13";

    private static final Pattern COMPOSED = Pattern.compile("PBEWithHmac(SHA\\d+)AndAES_(\\d+)");

    private final Path file;
    private final Optional<Password> password;

    KeyReader(Path file, Optional<Password> password) {
        this.file = file;
        this.password = password;
    }

    PrivateKey read(List<Pem> blocks) throws CredentialsException {
        List<Pem> keys = blocks.stream().filter(Pem::key).toList();
        if (keys.size() > 1) {
            throw refused("holds " + keys.size() + " private keys, and one is wanted. Keep the others elsewhere");
        }
        if (keys.isEmpty()) {
            throw refused("holds no private key; a key in PEM form begins with -----BEGIN PRIVATE KEY-----"
                    + (blocks.stream().anyMatch(Pem::certificate)
                            ? ". It is a certificate: name the file of its key"
                            : ""));
        }
        return key(keys.get(0));
    }

    private PrivateKey key(Pem block) throws CredentialsException {
        if (block.headed()) {
            throw refused("is encrypted in OpenSSL's old way, which one fast hash protects. " + convert());
        }
        try {
            return switch (block.type()) {
                case "PRIVATE KEY" -> parsed(block.content());
                case "RSA PRIVATE KEY" -> parsed(Der.pkcs8OfRsa(block.content()));
                case "EC PRIVATE KEY" -> parsed(Der.pkcs8OfEc(block.content()));
                case "ENCRYPTED PRIVATE KEY" -> parsed(decrypted(block.content()));
                default ->
                    throw refused("holds a key of the kind " + block.type() + ", which is none of TLS. " + convert());
            };
        } catch (IllegalArgumentException e) {
            throw refused("cannot be read: " + e.getMessage() + ". " + convert());
        }
    }

    private PrivateKey parsed(byte[] pkcs8) throws CredentialsException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
        return parsed("RSA", spec)
                .or(() -> parsed("EC", spec))
                .orElseThrow(
                        () -> refused("holds a key that is neither RSA nor on one of the curves P-256, P-384 and P-521,"
                                + " or is damaged. These are what all TLS clients accept: make a new one"));
    }

    /** Empty: it is of another kind, or of none. */
    private static Optional<PrivateKey> parsed(String algorithm, PKCS8EncodedKeySpec spec) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(spec));
        } catch (InvalidKeySpecException e) {
            return Optional.empty();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }

    private byte[] decrypted(byte[] encrypted) throws CredentialsException {
        Password given = password.orElseThrow(() -> new CredentialsException(
                Source.KEY,
                file + " is encrypted, and no password is given. Put it into a file that only the server's user"
                        + " can read, and name that: --keyfile-password-file"));
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encrypted);
            // Of the newer scheme the name says nothing; what it is made of is how its parameters present themselves.
            boolean composed =
                    info.getAlgName().equals("PBES2") || info.getAlgName().equals(PBES2);
            String scheme = composed ? info.getAlgParameters().toString() : info.getAlgName();
            if (composed && !given.ascii()) {
                return info.getKeySpec(derived(scheme, given, info.getAlgParameters()))
                        .getEncoded();
            }
            Cipher cipher = Cipher.getInstance(scheme);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(scheme).generateSecret(new PBEKeySpec(given.characters())),
                    info.getAlgParameters());
            return info.getKeySpec(cipher).getEncoded();
        } catch (NoSuchAlgorithmException | IOException e) {
            throw refused("is encrypted in a way that Java does not know (" + e.getMessage() + "). " + convert());
        } catch (GeneralSecurityException e) {
            // The padding is wrong: a damaged file looks the same, and is rare.
            throw new CredentialsException(
                    Source.PASSWORD, "the password in " + given.file() + " does not open the key in " + file);
        }
    }

    /**
     * What Java's ciphers of PBES2 do, which want a password in ASCII for no reason: the function that makes the key of it takes
     * its UTF-8, as OpenSSL takes the bytes of a file or terminal.
     *
     * @param scheme such as PBEWithHmacSHA256AndAES_256
     */
    private static Cipher derived(String scheme, Password password, AlgorithmParameters parameters)
            throws GeneralSecurityException {
        Matcher names = COMPOSED.matcher(scheme);
        if (!names.matches()) {
            throw new NoSuchAlgorithmException(scheme);
        }
        PBEParameterSpec spec = parameters.getParameterSpec(PBEParameterSpec.class);
        PBEKeySpec key = new PBEKeySpec(
                password.characters(), spec.getSalt(), spec.getIterationCount(), Integer.parseInt(names.group(2)));
        byte[] bytes = SecretKeyFactory.getInstance("PBKDF2WithHmac" + names.group(1))
                .generateSecret(key)
                .getEncoded();
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(bytes, "AES"), spec.getParameterSpec());
        return cipher;
    }

    private String convert() {
        return "Convert it: openssl pkcs8 -topk8 -v2 aes256 -in " + file
                + " -out NEW (-nocrypt for one without password)";
    }

    private CredentialsException refused(String why) {
        return new CredentialsException(Source.KEY, file + " " + why);
    }
}
