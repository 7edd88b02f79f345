package io.jcorn.master.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ListenFdsTest {
    @Test
    void socketsForUsBeginAtThree() {
        Map<String, String> environment = Map.of("LISTEN_FDS", "2", "LISTEN_PID", "77", "LISTEN_FDNAMES", "http:admin");

        assertThat(ListenFds.of(environment, 77).descriptors()).containsExactly(3, 4);
    }

    @Test
    void socketsForAnotherProcessOrNobodyAreNotOurs() {
        assertThat(ListenFds.of(Map.of(), 77).descriptors()).isEmpty();
        assertThat(ListenFds.of(Map.of("LISTEN_FDS", "1", "LISTEN_PID", "76"), 77)
                        .descriptors())
                .isEmpty();
        assertThat(ListenFds.of(Map.of("LISTEN_FDS", "1"), 77).descriptors()).isEmpty();
        assertThat(ListenFds.of(Map.of("LISTEN_FDS", "0", "LISTEN_PID", "77"), 77)
                        .descriptors())
                .isEmpty();
    }

    @Test
    void aCountThatIsNoneIsRefused() {
        for (String count : new String[] {"", "-1", "two", "1025", "99999999999"}) {
            assertThatThrownBy(() -> ListenFds.of(Map.of("LISTEN_FDS", count, "LISTEN_PID", "77"), 77))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("LISTEN_FDS=" + count);
        }
    }

    @Test
    void childrenSeeNothingOfIt() {
        Map<String, String> environment =
                Map.of("LISTEN_FDS", "2", "LISTEN_PID", "77", "LISTEN_FDNAMES", "a:b", "HOME", "/root");

        assertThat(ListenFds.without(environment)).isEqualTo(Map.of("HOME", "/root"));
    }
}
