package io.jcorn.master.spawn;

import io.jcorn.wire.Handover;
import io.jcorn.wire.HostingOptions;
import io.jcorn.wire.ServletOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Jetty, which binds its sockets as any server does.
 *
 * @param options what it is asked for
 * @param hosting what the agent is told
 */
public record ServletProgram(ServletOptions options, HostingOptions hosting) implements Program {

    private static final String MAIN_CLASS = "io.jcorn.servlet.Main";

    @Override
    public List<String> flags(Distribution distribution, JavaRuntime java, Handover handover) throws IOException {
        return AgentFlags.of(distribution);
    }

    @Override
    public List<String> start(Distribution distribution) throws IOException {
        List<String> arguments = new ArrayList<>();
        arguments.add("-cp");
        arguments.add(distribution.jarOf("servlet").toString());
        arguments.add(MAIN_CLASS);
        arguments.addAll(options.toArguments());
        return arguments;
    }

    @Override
    public Map<String, String> variables(Handover handover) {
        return hosting.toEnvironment();
    }
}
