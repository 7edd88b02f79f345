package io.jcorn.master;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClosingTest {

    @Test
    void theLastOpenedIsClosedFirstAndEachOnce() {
        List<String> closed = new ArrayList<>();
        Closing closing = new Closing();
        for (String name : List.of("pidfile", "folder", "channels")) {
            AutoCloseable resource = () -> closed.add(name);
            assertThat(closing.later(resource)).isSameAs(resource);
        }

        closing.close();
        closing.close();

        assertThat(closed).containsExactly("channels", "folder", "pidfile");
    }

    @Test
    void oneThatFailsKeepsNoOtherOpen() {
        List<String> closed = new ArrayList<>();
        Closing closing = new Closing();
        closing.later(() -> closed.add("first"));
        closing.later(() -> {
            throw new IllegalStateException("broken");
        });

        closing.close();

        assertThat(closed).containsExactly("first");
    }
}
