package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is there when a server is ready: processes, titles, descriptors, sockets. */
class BirthIT {

    @RegisterExtension
    final Workplace place = new Workplace();

    @Test
    void startsAndStops() throws IOException {
        try (RunningJcorn jcorn =
                place.jcorn("--workers", "2", Workplace.hello()).start()) {
            assertThat(jcorn.workers().values()).containsExactlyInAnyOrder(0, 1);
            jcorn.signal("TERM");
            jcorn.assertExit(0);
        }
    }
}
