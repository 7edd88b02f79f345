package io.jcorn.master.spawn;

import io.jcorn.wire.Handover;
import io.jcorn.wire.Handover.InheritedListener;
import io.jcorn.wire.HostingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The application's own main class.
 *
 * @param start how it is started
 * @param arguments its arguments
 * @param ports by which names it learns its port
 * @param hosting what the agent is told
 */
public record MainProgram(Start start, List<String> arguments, PortNames ports, HostingOptions hosting)
        implements Program {

    public MainProgram {
        arguments = List.copyOf(arguments);
    }

    /** The ways to start a main class. */
    public sealed interface Start {}

    /**
     * {@code java -jar}.
     *
     * @param jar the generation's copy
     */
    public record Jar(Path jar) implements Start {}

    /**
     * {@code java -cp}.
     *
     * @param flags what the manifest asks for
     * @param classpath the application first
     * @param mainClass the class
     */
    public record ClassPath(List<String> flags, List<Path> classpath, String mainClass) implements Start {}

    /**
     * {@code java -p … -m}.
     *
     * @param modulePath the application first
     * @param module {@code MODULE} or {@code MODULE/CLASS}
     */
    public record Module(List<Path> modulePath, String module) implements Start {}

    @Override
    public List<String> flags(Distribution distribution, JavaRuntime java, Handover handover) throws IOException {
        List<String> flags = new ArrayList<>(AgentFlags.of(distribution));
        if (start instanceof ClassPath classPath) {
            flags.addAll(classPath.flags());
        }
        handover.listeners().stream()
                .filter(listener -> !listener.unix())
                .findFirst()
                .ifPresent(listener -> flags.addAll(ports.properties(port(listener))));
        return flags;
    }

    @Override
    public List<String> start(Distribution distribution) {
        List<String> command = new ArrayList<>();
        if (start instanceof Jar jar) {
            command.addAll(List.of("-jar", jar.jar().toString()));
        } else if (start instanceof ClassPath classPath) {
            command.addAll(List.of("-cp", joined(classPath.classpath()), classPath.mainClass()));
        } else if (start instanceof Module module) {
            command.addAll(List.of("-p", joined(module.modulePath()), "-m", module.module()));
        }
        command.addAll(arguments);
        return command;
    }

    private static String joined(List<Path> paths) {
        return paths.stream().map(Path::toString).collect(Collectors.joining(":"));
    }

    /**
     * What the agent is told, the port under all its names, and the sockets as systemd hands them over, see sd_listen_fds(3):
     * for applications that can take those, without any help. LISTEN_PID, which nobody knows before the process exists, is the agent's to
     * set.
     */
    @Override
    public Map<String, String> variables(Handover handover) {
        Map<String, String> variables = new TreeMap<>(hosting.toEnvironment());
        List<InheritedListener> listeners = handover.listeners();
        variables.put("LISTEN_FDS", Integer.toString(listeners.size()));
        variables.put(
                "LISTEN_FDNAMES",
                listeners.stream()
                        .map(listener -> listener.unix() ? "unix" : "tcp-" + port(listener))
                        .collect(Collectors.joining(":")));
        tcp(listeners).findFirst().ifPresent(listener -> variables.putAll(ports.variables(port(listener))));
        return variables;
    }

    private static Stream<InheritedListener> tcp(List<InheritedListener> listeners) {
        return listeners.stream().filter(listener -> !listener.unix());
    }

    private static String port(InheritedListener listener) {
        return listener.address().substring(listener.address().lastIndexOf(':') + 1);
    }
}
