package io.jcorn.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** A certificate (RFC 5280) and its key, made now: what lies in a repository expires one day. */
public final class TestCertificate {

    private static final int SEQUENCE = 0x30;
    private static final int BOOLEAN = 0x01;
    private static final int INTEGER = 0x02;
    private static final int BITS = 0x03;
    private static final int OCTETS = 0x04;
    private static final int OBJECT = 0x06;
    private static final int TIME = 0x18;

    private static final byte[] ECDSA_SHA256 = object(0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2);
    private static final byte[] RSA_SHA256 = object(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11);
    private static final byte[] PBES2 = object(0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 5, 13);
    private static final byte[] ALTERNATIVE_NAMES = object(0x55, 0x1D, 17);
    private static final byte[] BASIC_CONSTRAINTS = object(0x55, 0x1D, 19);

    private final X509Certificate certificate;
    private final PrivateKey key;
    private final @Nullable TestCertificate issuer;

    private TestCertificate(X509Certificate certificate, PrivateKey key, @Nullable TestCertificate issuer) {
        this.certificate = certificate;
        this.key = key;
        this.issuer = issuer;
    }

    /** What a certificate is to say; a year from yesterday, on P-256, by itself, unless told otherwise. */
    public static final class Wish {

        private final String commonName;
        private String algorithm = "EC";
        private List<String> names = List.of();
        private Instant from = Instant.now().minus(Duration.ofDays(1));
        private Instant to = Instant.now().plus(Duration.ofDays(365));
        private @Nullable TestCertificate issuer;
        private boolean authority;

        private Wish(String commonName) {
            this.commonName = commonName;
        }

        /** The names of hosts and addresses that it stands for. */
        public Wish names(String... names) {
            this.names = List.of(names);
            return this;
        }

        public Wish rsa() {
            algorithm = "RSA";
            return this;
        }

        public Wish from(Instant from) {
            this.from = from;
            return this;
        }

        public Wish to(Instant to) {
            this.to = to;
            return this;
        }

        public Wish by(TestCertificate issuer) {
            this.issuer = issuer;
            return this;
        }

        public Wish authority() {
            authority = true;
            return this;
        }

        public TestCertificate make() {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
                generator.initialize(algorithm.equals("RSA") ? 2048 : 256);
                KeyPair pair = generator.generateKeyPair();
                PrivateKey signing = issuer == null ? pair.getPrivate() : issuer.key;
                byte[] body = body(pair, signing);
                Signature signature = Signature.getInstance(
                        signing.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
                signature.initSign(signing);
                signature.update(body);
                byte[] whole = der(SEQUENCE, body, algorithm(signing), bits(signature.sign()));
                X509Certificate certificate = (X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
                return new TestCertificate(certificate, pair.getPrivate(), issuer);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        private byte[] body(KeyPair pair, PrivateKey signing) {
            byte[] subject = new X500Principal("CN=" + commonName).getEncoded();
            byte[] issuerName = issuer == null
                    ? subject
                    : issuer.certificate.getSubjectX500Principal().getEncoded();
            byte[] serial = BigInteger.valueOf(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE))
                    .toByteArray();
            return der(
                    SEQUENCE,
                    der(0xA0, der(INTEGER, new byte[] {2})),
                    der(INTEGER, serial),
                    algorithm(signing),
                    issuerName,
                    der(SEQUENCE, time(from), time(to)),
                    subject,
                    pair.getPublic().getEncoded(),
                    der(0xA3, der(SEQUENCE, extensions())));
        }

        private byte[][] extensions() {
            byte[] alternatives = names.isEmpty()
                    ? new byte[0]
                    : der(
                            SEQUENCE,
                            ALTERNATIVE_NAMES,
                            der(
                                    OCTETS,
                                    der(SEQUENCE, names.stream().map(Wish::name).toArray(byte[][]::new))));
            byte[] truth = der(BOOLEAN, new byte[] {(byte) 0xFF});
            byte[] constraints = der(
                    SEQUENCE, BASIC_CONSTRAINTS, truth, der(OCTETS, authority ? der(SEQUENCE, truth) : der(SEQUENCE)));
            return new byte[][] {alternatives, constraints};
        }

        private static byte[] name(String name) {
            String[] octets = name.split("\\.", -1);
            if (!name.matches("[0-9.]+")) {
                return der(0x82, name.getBytes(StandardCharsets.US_ASCII));
            }
            byte[] address = new byte[octets.length];
            for (int i = 0; i < octets.length; i++) {
                address[i] = (byte) Integer.parseInt(octets[i]);
            }
            return der(0x87, address);
        }

        private static byte[] time(Instant instant) {
            String text = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").format(instant.atOffset(ZoneOffset.UTC));
            return der(TIME, text.getBytes(StandardCharsets.US_ASCII));
        }

        private static byte[] algorithm(PrivateKey key) {
            return key.getAlgorithm().equals("RSA")
                    ? der(SEQUENCE, RSA_SHA256, new byte[] {5, 0})
                    : der(SEQUENCE, ECDSA_SHA256);
        }

        private static byte[] bits(byte[] content) {
            return der(BITS, new byte[] {0}, content);
        }
    }

    /** A certificate by this common name. */
    public static Wish of(String commonName) {
        return new Wish(commonName);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public PrivateKey key() {
        return key;
    }

    /** Returns the certificate, and those that lead to its authority, without that. */
    public String pem() {
        String own = pem("CERTIFICATE", encoded());
        return issuer == null || issuer.issuer == null ? own : own + issuer.pem();
    }

    /** Returns the key as PKCS #8. */
    public String keyPem() {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    /** Returns the key as PKCS #8, encrypted in the newer of its two ways (RFC 8018 §6.2). */
    public String encryptedKeyPem(String password) {
        String scheme = "PBEWithHmacSHA256AndAES_256";
        try {
            Cipher cipher = Cipher.getInstance(scheme);
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    SecretKeyFactory.getInstance(scheme).generateSecret(new PBEKeySpec(password.toCharArray())));
            byte[] how = der(SEQUENCE, PBES2, cipher.getParameters().getEncoded());
            return pem("ENCRYPTED PRIVATE KEY", der(SEQUENCE, how, der(OCTETS, cipher.doFinal(key.getEncoded()))));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns a block of PEM. */
    public static String pem(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + type
                + "-----\n";
    }

    private byte[] encoded() {
        try {
            return certificate.getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] object(int... octets) {
        byte[] content = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            content[i] = (byte) octets[i];
        }
        return der(OBJECT, content);
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        value.write(tag);
        int length = content.size();
        if (length < 0x80) {
            value.write(length);
        } else if (length < 0x100) {
            value.write(0x81);
            value.write(length);
        } else {
            value.write(0x82);
            value.write(length >>> 8);
            value.write(length);
        }
        value.writeBytes(content.toByteArray());
        return value.toByteArray();
    }
}
