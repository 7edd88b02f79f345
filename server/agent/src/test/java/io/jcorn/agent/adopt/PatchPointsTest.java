package io.jcorn.agent.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.agent.adopt.PatchPoint.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every patch point is where it should be, in each JDK of this machine. */
class PatchPointsTest {

    /** What is found in the JDKs that are known, point by point. */
    private static final Map<String, Integer> EVERYWHERE = Map.ofEntries(
            Map.entry("sun.nio.ch.ServerSocketChannelImpl BIND", 1),
            Map.entry("sun.nio.ch.ServerSocketChannelImpl LISTEN", 2),
            Map.entry("sun.nio.ch.ServerSocketChannelImpl ACCEPT", 1),
            Map.entry("sun.nio.ch.ServerSocketChannelImpl BLOCKING", 2),
            Map.entry("sun.nio.ch.ServerSocketChannelImpl OPEN", 1),
            Map.entry("sun.nio.ch.NioSocketImpl BIND", 1),
            Map.entry("sun.nio.ch.AsynchronousServerSocketChannelImpl BIND", 1),
            Map.entry("sun.nio.ch.NioSocketImpl LISTEN", 1),
            Map.entry("sun.nio.ch.NioSocketImpl ACCEPT", 4),
            Map.entry("sun.nio.ch.AsynchronousServerSocketChannelImpl LISTEN", 1),
            Map.entry("sun.nio.ch.UnixAsynchronousServerSocketChannelImpl ACCEPT", 2),
            Map.entry("sun.nio.ch.SocketDispatcher READ", 2),
            Map.entry("sun.nio.ch.SocketDispatcher WRITE", 2),
            Map.entry("sun.nio.ch.UnixDomainSockets BIND_UNIX", 1),
            Map.entry("sun.nio.ch.UnixDomainSockets ACCEPT_UNIX", 1),
            Map.entry("sun.nio.ch.InheritedChannel INHERIT", 1),
            Map.entry("sun.nio.ch.InheritedChannel DETACH", 1));

    @TestFactory
    List<DynamicTest> allAreThere() throws IOException {
        Map<String, Path> homes = new TreeMap<>();
        Path own = Path.of(System.getProperty("java.home"));
        homes.put(own.toRealPath().toString(), own);
        Path siblings = own.toRealPath().getParent();
        if (siblings != null) {
            try (DirectoryStream<Path> candidates = Files.newDirectoryStream(siblings)) {
                for (Path home : candidates) {
                    if (Files.exists(home.resolve("lib/modules")) && Files.exists(home.resolve("release"))) {
                        homes.put(home.toRealPath().toString(), home);
                    }
                }
            }
        }
        return homes.values().stream()
                .map(home -> DynamicTest.dynamicTest(home.getFileName().toString(), () -> check(home)))
                .toList();
    }

    private static void check(Path home) throws IOException {
        Map<String, Integer> found = new TreeMap<>();
        int closes = 0;
        try (FileSystem image = FileSystems.newFileSystem(URI.create("jrt:/"), Map.of("java.home", home.toString()))) {
            for (String name :
                    PatchPoints.JDK.stream().map(PatchPoint::in).distinct().toList()) {
                Path file = image.getPath("modules/java.base/" + name + ".class");
                if (!Files.exists(file)) {
                    assertThat(name).isEqualTo("sun/nio/ch/UnixDispatcher");
                    continue;
                }
                List<PatchPoint> points = PatchPoints.JDK.stream()
                        .filter(point -> point.in().equals(name))
                        .toList();
                Rewriting rewriting = Rewriting.of(Files.readAllBytes(file), points);
                assertThat(rewriting.surprises()).isEmpty();
                closes += rewriting.found(Kind.CLOSE);
                for (PatchPoint point : points) {
                    found.put(point.toString(), rewriting.found(point.kind()));
                }
            }
        }
        assertThat(found).containsAllEntriesOf(EVERYWHERE);
        assertThat(closes).as("the close of sockets, in whichever class").isEqualTo(1);
    }

    @Test
    void aClassWithoutItsPatchPointsIsASurprise() throws IOException {
        byte[] other;
        try (var in = Object.class.getResourceAsStream("/java/lang/Object.class")) {
            other = in.readAllBytes();
        }
        assertThat(Rewriting.of(other, PatchPoints.JDK.subList(0, 2)).surprises())
                .containsExactly(
                        "sun.nio.ch.ServerSocketChannelImpl BIND 0 times instead of 1",
                        "sun.nio.ch.ServerSocketChannelImpl LISTEN 0 times instead of 2");
    }

    @Test
    void anUnknownJdkIsNamedWithTheCure() {
        assertThat(new Patcher.UnknownJdkException(List.of("sun.nio.ch.Net BIND 0 times instead of 1")))
                .hasMessageStartingWith("jcorn's agent does not know this Java, ")
                .hasMessageContaining(Runtime.version().toString())
                .hasMessageContaining("sun.nio.ch.Net BIND 0 times instead of 1")
                .hasMessageEndingWith("Give the workers one of those: --java-home FOLDER");
    }
}
