package io.jcorn.agent.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.agent.adopt.ChildProcesses.Child;
import io.jcorn.wire.ExtraPorts;
import io.jcorn.wire.Handover;
import io.jcorn.wire.Handover.InheritedListener;
import io.jcorn.wire.HostingOptions;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.WorkerKind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExplanationTest {

    private static final Handover HANDOVER =
            new Handover(0, 1, 5, 6, 0, List.of(new InheritedListener(3, "0.0.0.0:9000")));
    private static final HostingOptions OPTIONS = new HostingOptions(
            WorkerKind.MAIN,
            "app.jar",
            Map.of(),
            ExtraPorts.SHARE,
            Optional.empty(),
            100,
            100,
            60_000,
            1_000,
            5_000,
            30_000,
            LogLevel.INFO,
            Optional.empty());

    @Test
    void whoListensElsewhereIsToldTheFlagThatCuresIt() {
        Explanation explanation = new Explanation(HANDOVER, OPTIONS, List.of(8080, 9090), List.of(), null);
        assertThat(explanation.certain()).isTrue();
        assertThat(explanation.text())
                .isEqualTo(
                        "app.jar listens on port 8080, 9090, and did not listen on 0.0.0.0:9000, which jcorn holds, within"
                                + " 60.0 s (boot-timeout). If they belong together, say so: --app-port 8080");
    }

    @Test
    void whoListensNowhereIsToldWhereItShould() {
        Explanation explanation = new Explanation(HANDOVER, OPTIONS, List.of(), List.of(), null);
        assertThat(explanation.certain()).isFalse();
        assertThat(explanation.text())
                .startsWith("app.jar did not listen on 0.0.0.0:9000 within 60.0 s (boot-timeout).")
                .contains("--app-port", "--boot-timeout");
    }

    @Test
    void whoListenedAndClosedIsNotToldThatHeDidNot() {
        Adopted listened = new Adopted(new Object(), 25, "0.0.0.0:9000");
        listened.markListens();
        listened.markClosed();
        assertThat(new Explanation(HANDOVER, OPTIONS, List.of(), List.of(), listened).text())
                .matches(
                        "app.jar listened on 0.0.0.0:9000 and closed that socket again [0-9]+ ms later, before it asked"
                                + " for a connection. Its own output may say why");
        listened.markUsed();
        assertThat(Explanation.wasClosed(listened)).doesNotContain("before");
    }

    @Test
    void nativeTransportsAreToldApartByTheirNames() {
        assertThat(NativeTransport.prefix("io.netty.channel.epoll.LinuxSocket")).isEmpty();
        String shaded = NativeTransport.prefix("io.grpc.netty.shaded.io.netty.channel.epoll.LinuxSocket");
        assertThat(NativeTransport.flag(shaded))
                .isEqualTo("--java-opt=-Dio.grpc.netty.shaded.io.netty.transport.noNative=true");
        assertThat(NativeTransport.prefix("java.io.FileDescriptor")).isEqualTo(NativeTransport.NONE);
    }

    @Test
    void whoListensElsewhereAloneIsToldSoWhileThereIsTime() {
        assertThat(new Explanation(HANDOVER, OPTIONS, List.of(8080), List.of(), null).early())
                .isEqualTo("app.jar listens on port 8080, which jcorn does not hold, and has not yet listened on"
                        + " 0.0.0.0:9000. If they belong together, say so: --app-port 8080. Otherwise it has to listen there"
                        + " within 60.0 s (boot-timeout)");
    }

    @Test
    void aServerInAChildProcessIsNamed() {
        Explanation explanation = new Explanation(
                HANDOVER, OPTIONS, List.of(), List.of(new Child(7, "sh"), new Child(4711, "java")), null);
        assertThat(explanation.certain()).isTrue();
        assertThat(explanation.text())
                .isEqualTo(
                        "app.jar did not listen on 0.0.0.0:9000 within 60.0 s (boot-timeout). It has started sh (pid 7), java"
                                + " (pid 4711): a server in a child process gets no socket of jcorn's. Look for an option of the"
                                + " application that keeps it in one process, such as --noFork");
    }

    @Test
    void aChildThatIsNoJavaMayBeAHelperOfASlowStart() {
        Explanation explanation =
                new Explanation(HANDOVER, OPTIONS, List.of(), List.of(new Child(7, "postgres")), null);
        assertThat(explanation.certain())
                .as("its threads are looked at all the same")
                .isFalse();
        assertThat(explanation.text()).contains("It has started postgres (pid 7)");
    }

    @Test
    void whoListensElsewhereItselfIsNotBlamedForItsChildren() {
        assertThat(new Explanation(HANDOVER, OPTIONS, List.of(8080), List.of(new Child(7, "java")), null).text())
                .contains("--app-port 8080")
                .doesNotContain("pid 7");
    }
}
