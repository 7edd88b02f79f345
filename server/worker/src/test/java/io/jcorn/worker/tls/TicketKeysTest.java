package io.jcorn.worker.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.testing.TestCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TicketKeysTest {

    private static final byte[] SECRET = new byte[32];

    @Test
    void allWorkersMakeTheSameKeys() {
        assertThat(TicketKeys.of(SECRET, List.of()).around(7))
                .isDeepEqualTo(TicketKeys.of(SECRET, List.of()).around(7));
    }

    @Test
    void theKeyOfThePresentComesFirstAndIsKnownBeforeAndAfter() {
        TicketKeys keys = TicketKeys.of(SECRET, List.of());
        byte[] seven = keys.around(7)[0];

        assertThat(seven).hasSize(TicketKeys.BYTES);
        assertThat(keys.around(8)[1]).isEqualTo(seven);
        assertThat(keys.around(6)[2]).isEqualTo(seven);
        assertThat(keys.around(8)[0]).isNotEqualTo(seven);
        assertThat(java.util.List.of(keys.around(9))).doesNotContain(seven);
    }

    @Test
    void anotherSecretOrOtherAuthoritiesMakeOtherKeys() {
        byte[] other = new byte[32];
        other[31] = 1;
        TestCertificate authority = TestCertificate.of("A").authority().make();
        byte[] key = TicketKeys.of(SECRET, List.of()).around(1)[0];

        assertThat(TicketKeys.of(other, List.of()).around(1)[0]).isNotEqualTo(key);
        assertThat(TicketKeys.of(SECRET, List.of(authority.certificate())).around(1)[0])
                .isNotEqualTo(key);
    }

    @Test
    void periodsFollowTheClock() {
        long length = TicketKeys.PERIOD.toMillis();

        assertThat(TicketKeys.period(length - 1)).isZero();
        assertThat(TicketKeys.period(length)).isOne();
    }

    @Test
    void aSecretThatIsNoneIsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "none");

        assertThatThrownBy(() -> TicketKeys.read(file, List.of())).hasMessageContaining("does not hold the secret");
        Files.writeString(file, "00ff");
        assertThatThrownBy(() -> TicketKeys.read(file, List.of())).hasMessageContaining("is cut off");
    }
}
