package io.jcorn.master.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.testing.TestCertificate;
import io.jcorn.wire.TlsCipher;
import io.jcorn.wire.TlsOptions;
import io.jcorn.wire.TlsOptions.CertificateFiles;
import io.jcorn.wire.TlsOptions.ClientCertificates;
import io.jcorn.wire.TlsOptions.TlsVersion;
import io.jcorn.wire.WorkerKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of TLS before a worker starts. */
class TlsChecksTest {

    private final Path folder;
    private final Sources sources;
    private final TestCertificate server = TestCertificate.of("a").make();

    TlsChecksTest(@TempDir Path folder) throws IOException {
        this.folder = folder.toAbsolutePath();
        Files.createFile(Files.createDirectories(this.folder.resolve("app")).resolve("Hello.class"));
        Files.writeString(folder.resolve("cert.pem"), server.pem());
        Files.writeString(folder.resolve("key.pem"), server.keyPem());
        Files.writeString(folder.resolve("both.pem"), server.keyPem() + server.pem());
        Files.writeString(folder.resolve("empty.pem"), "");
        sources = new Sources(this.folder).flag(Settings.APPLICATION, "app");
    }

    private Sources tls() {
        return sources.flag(TlsSettings.CERTFILE, "cert.pem").flag(TlsSettings.KEYFILE, "key.pem");
    }

    @Test
    void certificateAndKeyTurnItOn() throws ConfigurationException {
        assertThat(TlsSettings.on(sources.resolve())).isFalse();
        assertThat(tls().problems()).isEmpty();
        TlsOptions options = TlsSettings.options(sources.resolve(), Path.of("/secret"));

        assertThat(options.certificates().get(0))
                .isEqualTo(new CertificateFiles(folder.resolve("cert.pem"), folder.resolve("key.pem")));
        assertThat(options.ciphers()).isEqualTo(TlsCipher.modern());
        assertThat(options.least()).isEqualTo(TlsVersion.V1_2);
        assertThat(TlsChecks.presentation(sources.resolve()))
                .singleElement()
                .asString()
                .startsWith("Certificate: CN=a");
        assertThat(TlsChecks.warnings(sources.resolve())).isEmpty();
    }

    @Test
    void oneFileMayHoldBoth() throws ConfigurationException {
        sources.flag(TlsSettings.CERTFILE, "both.pem");

        assertThat(sources.problems()).isEmpty();
        assertThat(TlsSettings.options(sources.resolve(), Path.of("/secret")).files())
                .containsExactly(folder.resolve("both.pem"));
    }

    @Test
    void whatIsWrongWithAFileIsSaidOfItsSetting() throws IOException {
        sources.flag(TlsSettings.CERTFILE, "cert.pem");
        assertThat(sources.problems())
                .containsExactly(
                        "--certfile: /here/cert.pem holds a certificate and no private key. Name the file of the"
                                + " key: --keyfile");
        Files.writeString(
                folder.resolve("other.pem"), TestCertificate.of("b").make().keyPem());
        sources.flag(TlsSettings.KEYFILE, "other.pem");
        assertThat(sources.problems())
                .containsExactly("--keyfile: the key in /here/other.pem does not belong to the certificate in"
                        + " /here/cert.pem (CN=a)");
    }

    @Test
    void aPasswordThatIsWrongIsItsOwnSettingsFault() throws IOException {
        Files.writeString(folder.resolve("locked.pem"), server.encryptedKeyPem("right"));
        Files.writeString(folder.resolve("password"), "wrong\n");
        sources.flag(TlsSettings.CERTFILE, "cert.pem").flag(TlsSettings.KEYFILE, "locked.pem");
        assertThat(sources.problems())
                .singleElement()
                .asString()
                .startsWith("--keyfile: /here/locked.pem is encrypted");

        sources.flag(TlsSettings.KEYFILE_PASSWORD_FILE, "password");
        assertThat(sources.problems())
                .containsExactly("--keyfile-password-file: the password in /here/password does not open the key in"
                        + " /here/locked.pem");
    }

    @Test
    void aFileThatMayNotBeReadIsSaidToBeSo() throws IOException {
        Path key = folder.resolve("key.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("---------"));
        // Root reads everything.
        Assumptions.assumeFalse(Files.isReadable(key));

        assertThat(tls().problems()).singleElement().asString().contains("cannot be read: permission denied for user");
    }

    @Test
    void authoritiesAndTheWishForClientCertificatesBelongTogether() {
        tls().flag(TlsSettings.CERT_REQS, "2");
        assertThat(sources.problems())
                .containsExactly("--cert-reqs: whose certificates are good? Name the authorities that clients'"
                        + " certificates come from: --ca-certs");
        sources.flag(TlsSettings.CA_CERTS, "empty.pem");
        assertThat(sources.problems()).containsExactly("--ca-certs: /here/empty.pem is empty");
        sources.flag(TlsSettings.CERT_REQS, "none");
        assertThat(sources.problems()).singleElement().asString().startsWith("--ca-certs: clients are not asked");
    }

    @Test
    void everyCertificateHasAKey() {
        tls().flag(TlsSettings.CERTFILE, "both.pem");

        assertThat(sources.problems())
                .singleElement()
                .asString()
                .startsWith("--keyfile: there are 2 of certfile and 1 of keyfile");
        assertThat(sources.flag(TlsSettings.KEYFILE, "both.pem").problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"keyfile,key.pem", "ca-certs,cert.pem", "cert-reqs,required", "keyfile-password-file,key.pem"})
    void withoutACertificateTheOthersAreAMistake(String key, String value) {
        assertThat(sources.variable(
                                "JCORN_"
                                        + key.toUpperCase(java.util.Locale.ROOT).replace('-', '_'),
                                value)
                        .problems())
                .singleElement()
                .asString()
                .endsWith("there is no certfile, so no TLS is spoken. Name the server's certificate: --certfile");
    }

    @Test
    void anEndThatIsNearIsToldAndNothingRefused() throws IOException, ConfigurationException {
        TestCertificate old = TestCertificate.of("old")
                .to(Instant.now().minus(Duration.ofHours(1)))
                .make();
        Files.writeString(folder.resolve("old.pem"), old.keyPem() + old.pem());
        sources.flag(TlsSettings.CERTFILE, "old.pem");

        assertThat(sources.problems()).isEmpty();
        assertThat(TlsChecks.warnings(sources.resolve()))
                .singleElement()
                .asString()
                .contains("CN=old", "expired on");
    }

    @Test
    void onlyHandlersSpeakIt() throws ConfigurationException {
        Configuration configuration = tls().resolve();

        KindChecks.refuse(configuration, WorkerKind.HANDLER);
        for (WorkerKind kind : List.of(WorkerKind.SERVLET, WorkerKind.MAIN)) {
            assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                    ConfigurationException.class, () -> KindChecks.refuse(configuration, kind))
                            .problems())
                    .singleElement()
                    .asString()
                    .startsWith("--certfile: jcorn itself speaks TLS for the worker-class handler only");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0,NONE",
        "none,NONE",
        "1,OPTIONAL",
        "optional,OPTIONAL",
        "2,REQUIRED",
        "Required,REQUIRED",
    })
    void gunicornsNumbersMeanTheSame(String text, ClientCertificates meaning) {
        assertThat(TlsSettings.CERT_REQS.type().read(List.of(text), folder)).isEqualTo(meaning);
    }

    @Test
    void suitesHaveTwoNames() throws ConfigurationException {
        sources.variable(
                "JCORN_CIPHERS",
                "ECDHE-RSA-AES128-GCM-SHA256:TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, ecdhe-rsa-aes128-sha");

        assertThat(sources.resolve().get(TlsSettings.CIPHERS))
                .containsExactly(
                        TlsCipher.ECDHE_RSA_AES128_GCM_SHA256,
                        TlsCipher.ECDHE_RSA_AES256_GCM_SHA384,
                        TlsCipher.ECDHE_RSA_AES128_SHA);
    }

    @ParameterizedTest
    @CsvSource({
        "ECDHE-RSA-RC4-SHA,is not a cipher suite",
        "!aNULL,is of OpenSSL's language",
        "HIGH,is of OpenSSL's language",
        "TLS_AES_128_GCM_SHA256,is a suite of TLS 1.3",
    })
    void otherSuitesAreRefused(String name, String why) {
        assertThat(sources.flag(TlsSettings.CIPHERS, name).problems())
                .singleElement()
                .asString()
                .startsWith("--ciphers: \"" + name + "\" " + why)
                .contains("ECDHE-RSA-AES128-GCM-SHA256");
    }

    @ParameterizedTest
    @CsvSource({"1.1,is broken", "TLSv1,is broken", "2,is no version", "SSLv3,is no version"})
    void oldVersionsAreRefused(String version, String why) {
        assertThat(sources.flag(TlsSettings.TLS_MIN_VERSION, version).problems())
                .singleElement()
                .asString()
                .startsWith("--tls-min-version: \"" + version + "\" " + why);
    }

    @Test
    void gunicornsOldSettingNamesItsSuccessor() {
        assertThat(sources.file("ssl-version = TLS").problems())
                .singleElement()
                .asString()
                .contains("tls-min-version");
    }
}
