package io.jcorn.wire.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.testing.TestCertificate;
import io.jcorn.wire.TlsCipher;
import io.jcorn.wire.TlsOptions;
import io.jcorn.wire.TlsOptions.CertificateFiles;
import io.jcorn.wire.TlsOptions.ClientCertificates;
import io.jcorn.wire.TlsOptions.TlsVersion;
import io.jcorn.wire.tls.CredentialsException.Source;
import io.jcorn.wire.tls.Identity.Fit;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {

    private final Path folder;
    private Optional<Path> password = Optional.empty();
    private Optional<Path> authorities = Optional.empty();

    CredentialsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private Credentials read(Path certificate, Path key) throws CredentialsException {
        return read(List.of(new CertificateFiles(certificate, key)));
    }

    private Credentials read(List<CertificateFiles> pairs) throws CredentialsException {
        return Credentials.read(new TlsOptions(
                pairs,
                password,
                authorities.isPresent() ? ClientCertificates.REQUIRED : ClientCertificates.NONE,
                authorities,
                TlsCipher.modern(),
                TlsVersion.V1_2,
                folder.resolve("secret")));
    }

    private void refused(Path certificate, Path key, Source source, String... words) {
        assertThatThrownBy(() -> read(certificate, key))
                .isInstanceOfSatisfying(
                        CredentialsException.class, e -> assertThat(e.source()).isEqualTo(source))
                .hasMessageContainingAll(words);
    }

    // ---- what works

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aChainAndItsKeyMakeAnIdentity(boolean rsa) throws Exception {
        TestCertificate root = TestCertificate.of("Root").authority().make();
        TestCertificate middle =
                TestCertificate.of("Middle").authority().by(root).make();
        TestCertificate.Wish wish = TestCertificate.of("a.example").names("a.example", "*.b.example", "127.0.0.1");
        TestCertificate server = (rsa ? wish.rsa() : wish).by(middle).make();

        Identity identity = read(file("cert.pem", server.pem()), file("key.pem", server.keyPem()))
                .identities()
                .get(0);

        assertThat(identity.chain()).containsExactly(server.certificate(), middle.certificate());
        assertThat(identity.key()).isEqualTo(server.key());
        assertThat(identity.names()).containsExactly("a.example", "*.b.example", "127.0.0.1");
        assertThat(identity.description()).startsWith("CN=a.example for a.example, *.b.example, 127.0.0.1, until 20");
    }

    @Test
    void keyAndChainMayShareAFile() throws Exception {
        TestCertificate server = TestCertificate.of("a").make();
        Path both = file("both.pem", "Some words before\n" + server.keyPem() + "\n" + server.pem());

        assertThat(read(both, both).identities().get(0).key()).isEqualTo(server.key());
    }

    @Test
    void olderFormsOfKeysAreRead() throws Exception {
        TestCertificate rsa = TestCertificate.of("rsa").rsa().make();
        TestCertificate ec = TestCertificate.of("ec").make();

        assertThat(read(
                        file("rsa.pem", rsa.pem()),
                        file("rsa.key", TestCertificate.pem("RSA PRIVATE KEY", inner(rsa)))))
                .extracting(credentials -> credentials.identities().get(0).key())
                .isEqualTo(rsa.key());
        // As openssl ecparam -genkey writes it, with the curve in the key itself.
        byte[] curve = {0x06, 8, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 3, 1, 7};
        byte[] sec1 = withCurve(inner(ec), curve);
        String text = TestCertificate.pem("EC PARAMETERS", curve) + TestCertificate.pem("EC PRIVATE KEY", sec1);
        assertThat(read(file("ec.pem", ec.pem()), file("ec.key", text))
                        .identities()
                        .get(0)
                        .key())
                .isInstanceOfSatisfying(
                        ECPrivateKey.class, key -> assertThat(key.getS()).isEqualTo(((ECPrivateKey) ec.key()).getS()));
    }

    /** The older form within PKCS #8: the last value, an OCTET STRING up to the end. */
    private static byte[] inner(TestCertificate certificate) {
        byte[] pkcs8 = certificate.key().getEncoded();
        for (int at = 8; ; at++) {
            int header = (pkcs8[at + 1] & 0xFF) == 0x82 ? 4 : (pkcs8[at + 1] & 0xFF) == 0x81 ? 3 : 2;
            int length = header == 4
                    ? ((pkcs8[at + 2] & 0xFF) << 8) | (pkcs8[at + 3] & 0xFF)
                    : header == 3 ? pkcs8[at + 2] & 0xFF : pkcs8[at + 1];
            if (pkcs8[at] == 4 && at + header + length == pkcs8.length) {
                return java.util.Arrays.copyOfRange(pkcs8, at + header, pkcs8.length);
            }
        }
    }

    private static byte[] withCurve(byte[] sec1, byte[] curve) {
        byte[] key = new byte[2 + 3 + 34 + 2 + curve.length];
        key[0] = 0x30;
        key[1] = (byte) (key.length - 2);
        System.arraycopy(sec1, 2, key, 2, 3 + 34);
        key[39] = (byte) 0xA0;
        key[40] = (byte) curve.length;
        System.arraycopy(curve, 0, key, 41, curve.length);
        return key;
    }

    @Test
    void anEncryptedKeyIsOpenedWithThePasswordOfTheFile() throws Exception {
        TestCertificate server = TestCertificate.of("a").make();
        password = Optional.of(file("password", "secret\nand a second line\n"));

        Credentials read = read(file("cert.pem", server.pem()), file("key.pem", server.encryptedKeyPem("secret")));

        assertThat(read.identities().get(0).key()).isEqualTo(server.key());
    }

    /** As {@code openssl pkcs8 -topk8 -v2 aes-256-cbc} writes it: OpenSSL takes the bytes of the password. */
    @Test
    void aPasswordThatIsNotAsciiOpensAKeyOfOpenSsl() throws Exception {
        try (InputStream resource = CredentialsTest.class.getResourceAsStream("not-ascii.pem")) {
            Path pem = file("pem", new String(Objects.requireNonNull(resource).readAllBytes(), UTF_8));
            password = Optional.of(file("password", "gr\u00fc\u00dfe\n"));

            assertThat(read(pem, pem).identities()).hasSize(1);

            password = Optional.of(file("wrong", "gr\u00fc\u00dfen\n"));
            refused(pem, pem, Source.PASSWORD, "wrong", "does not open the key");
        }
    }

    /** Java makes a key of such a password for no cipher of PKCS #12, so there is no store but one of another program's. */
    @Test
    void aPasswordThatIsNotAsciiIsSaidToBeThatForAStore() throws Exception {
        Path store = keyStore("PKCS12", "secret", TestCertificate.of("a").make());
        password = Optional.of(file("password", "gr\u00fc\u00dfe\n"));

        refused(store, store, Source.PASSWORD, "is not ASCII", "openssl pkcs12 -in " + store);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JKS"})
    void aKeyStoreHoldsCertificatesAndKeys(String type) throws Exception {
        TestCertificate server = TestCertificate.of("a").make();
        TestCertificate other = TestCertificate.of("b").rsa().make();
        Path file = keyStore(type, "secret", server, other);
        password = Optional.of(file("password", "secret"));

        assertThat(read(file, file).identities())
                .extracting(Identity::certificate)
                .containsExactlyInAnyOrder(server.certificate(), other.certificate());

        password = Optional.of(file("wrong", "guess"));
        refused(file, file, Source.PASSWORD, "wrong", "does not open the key store");
        password = Optional.empty();
        refused(file, file, Source.CERTIFICATE, "is a key store", "--keyfile-password-file");
    }

    private Path keyStore(String type, String password, TestCertificate... entries)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        for (TestCertificate entry : entries) {
            store.setKeyEntry(
                    "entry" + entry.certificate().getSerialNumber(),
                    entry.key(),
                    password.toCharArray(),
                    new Certificate[] {entry.certificate()});
        }
        Path file = folder.resolve("store." + type);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password.toCharArray());
        }
        return file;
    }

    @Test
    void severalPairsStayInOrder() throws Exception {
        TestCertificate a = TestCertificate.of("a").make();
        TestCertificate b = TestCertificate.of("b").make();
        List<CertificateFiles> pairs = new ArrayList<>();
        for (TestCertificate each : List.of(a, b)) {
            String name = each.certificate().getSubjectX500Principal().getName();
            pairs.add(new CertificateFiles(file(name + ".pem", each.pem()), file(name + ".key", each.keyPem())));
        }

        assertThat(read(pairs).identities())
                .extracting(Identity::certificate)
                .containsExactly(a.certificate(), b.certificate());
    }

    @Test
    void authoritiesAreReadFromABundle() throws Exception {
        TestCertificate a = TestCertificate.of("A").authority().make();
        TestCertificate b = TestCertificate.of("B").authority().make();
        TestCertificate server = TestCertificate.of("a").make();
        authorities = Optional.of(file("ca.pem", a.pem() + b.pem()));

        assertThat(read(file("cert.pem", server.pem()), file("key.pem", server.keyPem()))
                        .authorities())
                .containsExactly(a.certificate(), b.certificate());

        authorities = Optional.of(file("empty.pem", ""));
        refused(folder.resolve("cert.pem"), folder.resolve("key.pem"), Source.AUTHORITIES, "empty.pem", "is empty");
    }

    // ---- what does not

    @Test
    void whatIsWrongIsSaidWithItsCure() throws Exception {
        TestCertificate server = TestCertificate.of("a").make();
        TestCertificate other = TestCertificate.of("b").make();
        Path certificate = file("cert.pem", server.pem());
        Path key = file("key.pem", server.keyPem());

        refused(folder.resolve("missing.pem"), key, Source.CERTIFICATE, "missing.pem", "no such file");
        refused(certificate, folder.resolve("missing.key"), Source.KEY, "missing.key", "no such file");
        refused(folder, key, Source.CERTIFICATE, "is a folder");
        refused(file("empty.pem", ""), key, Source.CERTIFICATE, "empty.pem is empty");
        refused(file("text.pem", "hello"), key, Source.CERTIFICATE, "not a PEM file");
        refused(key, key, Source.CERTIFICATE, "holds no certificate");
        refused(certificate, certificate, Source.CERTIFICATE, "no private key", "--keyfile");
        refused(certificate, file("other.pem", other.pem()), Source.KEY, "holds no private key", "It is a certificate");
        refused(certificate, file("other.key", other.keyPem()), Source.KEY, "does not belong", "CN=a");
        refused(
                file("order.pem", other.pem() + server.pem()),
                key,
                Source.CERTIFICATE,
                "is number 2",
                "has to be the first");
        refused(file("cut.pem", server.pem().substring(0, 200)), key, Source.CERTIFICATE, "cut off");
        refused(file("bad.pem", server.pem().replaceFirst("\nM", "\n!")), key, Source.CERTIFICATE, "not Base64");
        refused(
                certificate,
                file("rsa.key", TestCertificate.of("r").rsa().make().keyPem()),
                Source.KEY,
                "does not belong");
        refused(certificate, file("two.key", server.keyPem() + other.keyPem()), Source.KEY, "holds 2 private keys");
        refused(
                certificate,
                file("old.key", server.keyPem().replace("KEY-----\nM", "KEY-----\nProc-Type: 4,ENCRYPTED\n\nM")),
                Source.KEY,
                "old way",
                "openssl pkcs8 -topk8");
        Path der = Files.write(folder.resolve("cert.der"), server.certificate().getEncoded());
        refused(der, key, Source.CERTIFICATE, "DER form", "openssl x509");
        refused(
                certificate,
                file("broken.key", TestCertificate.pem("EC PRIVATE KEY", new byte[] {0x30, 3, 2, 1, 1})),
                Source.KEY,
                "names no curve");
        refused(
                certificate,
                file("none.key", TestCertificate.pem("PRIVATE KEY", new byte[9])),
                Source.KEY,
                "neither RSA");
    }

    @Test
    void anEncryptedKeyNeedsItsPassword() throws Exception {
        TestCertificate server = TestCertificate.of("a").make();
        Path certificate = file("cert.pem", server.pem());
        Path key = file("key.pem", server.encryptedKeyPem("secret"));

        refused(certificate, key, Source.KEY, "is encrypted", "--keyfile-password-file");
        password = Optional.of(file("password", "guess"));
        refused(certificate, key, Source.PASSWORD, "does not open the key", "key.pem");
        password = Optional.of(file("empty", "\nsecret"));
        refused(certificate, key, Source.PASSWORD, "first line is empty");
    }

    // ---- names and days

    @Test
    void namesFitExactlyOrByOneLabel() throws Exception {
        TestCertificate server = TestCertificate.of("ignored.example")
                .names("A.example", "*.a.example")
                .make();
        Identity identity = Identity.of(folder, server.key(), List.of(server.certificate()));

        assertThat(identity.fit("a.EXAMPLE")).isEqualTo(Fit.EXACT);
        assertThat(identity.fit("b.a.example")).isEqualTo(Fit.WILDCARD);
        assertThat(identity.fit("c.b.a.example")).isEqualTo(Fit.NONE);
        assertThat(identity.fit("ignored.example")).isEqualTo(Fit.NONE);
        assertThat(identity.fit("")).isEqualTo(Fit.NONE);
    }

    @Test
    void theCommonNameCountsWhereThereIsNothingElse() {
        TestCertificate server = TestCertificate.of("Old.example").make();

        assertThat(Identity.of(folder, server.key(), List.of(server.certificate()))
                        .names())
                .containsExactly("old.example");
    }

    @Test
    void theEndIsToldInTime() {
        Instant now = Instant.now();
        assertThat(endingIn(Duration.ofDays(15), now)).isEmpty();
        assertThat(endingIn(Duration.ofDays(13), now)).contains("CN=a", "expires on", "in 1");
        assertThat(endingIn(Duration.ofHours(2), now)).contains("within a day");
        assertThat(endingIn(Duration.ofHours(-2), now)).contains("expired on");
        TestCertificate early =
                TestCertificate.of("a").from(now.plus(Duration.ofHours(1))).make();
        assertThat(Identity.of(folder, early.key(), List.of(early.certificate()))
                        .warning(now))
                .contains("not valid yet");
    }

    private String endingIn(Duration left, Instant now) {
        TestCertificate server = TestCertificate.of("a").to(now.plus(left)).make();
        return Identity.of(folder, server.key(), List.of(server.certificate())).warning(now);
    }
}
