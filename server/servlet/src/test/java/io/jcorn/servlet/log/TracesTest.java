package io.jcorn.servlet.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Where stack traces are cut. */
class TracesTest {

    private static StackTraceElement frame(String type, String method) {
        return new StackTraceElement(type, method, null, -1);
    }

    private static <T extends Throwable> T at(T thrown, String... types) {
        StackTraceElement[] stack = new StackTraceElement[types.length];
        for (int i = 0; i < types.length; i++) {
            stack[i] = frame(types[i], "m");
        }
        thrown.setStackTrace(stack);
        return thrown;
    }

    @Test
    void whatTheServerDidIsCutAway() {
        Exception thrown = at(
                new IllegalStateException("x"),
                "java.util.List",
                "shop.Cart",
                "jakarta.servlet.http.HttpServlet",
                "shop.Filter",
                "org.eclipse.jetty.server.Server",
                "io.jcorn.servlet.http.Traffic",
                "com.example.agent.Whatever",
                "java.lang.Thread");
        assertThat(Traces.ofApplication(thrown).lines())
                .containsExactly(
                        "java.lang.IllegalStateException: x",
                        "\tat java.util.List.m(Unknown Source)",
                        "\tat shop.Cart.m(Unknown Source)",
                        "\tat jakarta.servlet.http.HttpServlet.m(Unknown Source)",
                        "\tat shop.Filter.m(Unknown Source)");
        assertThat(thrown.getStackTrace()).hasSize(8);
    }

    @Test
    void causesAreCutToo() {
        Exception cause =
                at(new IllegalArgumentException("y"), "shop.Stock", "shop.Cart", "org.eclipse.jetty.server.Server");
        Exception thrown = at(new IllegalStateException("x", cause), "shop.Cart", "org.eclipse.jetty.server.Server");
        assertThat(Traces.ofApplication(thrown).lines())
                .containsExactly(
                        "java.lang.IllegalStateException: x",
                        "\tat shop.Cart.m(Unknown Source)",
                        "Caused by: java.lang.IllegalArgumentException: y",
                        "\tat shop.Stock.m(Unknown Source)");
    }

    @Test
    void ofTheServersOwnTroubleTheBeginningIsTold() {
        Exception thrown = at(new IllegalStateException("x"), "org.eclipse.jetty.server.Server", "java.lang.Thread");
        assertThat(Traces.ofApplication(thrown).lines()).hasSize(3);

        String[] deep = new String[48];
        Arrays.fill(deep, "org.eclipse.jetty.server.Server");
        assertThat(Traces.ofApplication(at(new IllegalStateException("x"), deep))
                        .lines())
                .hasSize(6);
    }
}
