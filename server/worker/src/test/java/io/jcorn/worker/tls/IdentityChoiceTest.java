package io.jcorn.worker.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.testing.TestCertificate;
import io.jcorn.wire.tls.Credentials;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityChoiceTest {

    private final IdentityChoice choice;

    IdentityChoiceTest(@TempDir Path folder) throws Exception {
        TestTls tls = new TestTls(folder)
                .certificate(
                        "0", TestCertificate.of("first").names("first.example").make())
                .certificate(
                        "1", TestCertificate.of("wild").names("*.example").rsa().make())
                .certificate(
                        "2",
                        TestCertificate.of("exact").names("exact.example").rsa().make())
                .certificate(
                        "3", TestCertificate.of("exact").names("exact.example").make())
                .certificate(
                        "4",
                        TestCertificate.of("first").names("first.example").rsa().make());
        choice = new IdentityChoice(Credentials.read(tls.options()).identities());
    }

    @Test
    void exactBeforeWildcardBeforeTheFirst() {
        assertThat(choice.choice("RSA", "exact.example")).isEqualTo(2);
        assertThat(choice.choice("RSA", "other.example")).isEqualTo(1);
        assertThat(choice.choice("EC", "nowhere.org")).isZero();
        assertThat(choice.choice("EC", "")).isZero();
    }

    @Test
    void ofTheSameNameTheKindOfKeyDecides() {
        assertThat(choice.choice("EC", "exact.example")).isEqualTo(3);
        assertThat(choice.choice("RSA", "")).isEqualTo(4);
    }

    @Test
    void anotherNameIsNoSubstituteForAnotherKey() {
        assertThat(choice.choice("EC", "other.example")).isEqualTo(-1);
        assertThat(choice.choice("Ed25519", "exact.example")).isEqualTo(-1);
    }
}
