package io.jcorn.master.spawn;

import java.io.IOException;
import java.util.List;

/**
 * The flags that put the agent into a JVM whose server is not ours.
 *
 * <p>It stands on the boot class path by a flag, not by its manifest: only so can a class-data archive or an AOT cache of the
 * application be used (JEP 310, JEP 483). The modules are those that it needs; an application on the module path might
 * resolve fewer.
 */
final class AgentFlags {

    private AgentFlags() {}

    static List<String> of(Distribution distribution) throws IOException {
        return List.of(
                "-Xbootclasspath/a:" + distribution.agent("jcorn-agent-boot.jar"),
                "-javaagent:" + distribution.agent("jcorn-premain.jar"),
                "--add-exports=java.base/jdk.internal.access=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-modules=java.instrument,java.management,jdk.unsupported");
    }
}
