package io.jcorn.master.spawn;

import io.jcorn.wire.Handover;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What the workers of one kind run: their part of the java command, and of the environment. */
public sealed interface Program permits HandlerProgram, ServletProgram, MainProgram {

    /**
     * Returns the flags of the JVM that this kind needs. The user's come after them and may overrule them.
     *
     * @throws IOException if the distribution is incomplete
     */
    List<String> flags(Distribution distribution, JavaRuntime java, Handover handover) throws IOException;

    /**
     * Returns what comes after all flags: class path, main class, arguments.
     *
     * @throws IOException if the distribution is incomplete
     */
    List<String> start(Distribution distribution) throws IOException;

    /** Returns the variables that this kind adds to the hand-over. */
    Map<String, String> variables(Handover handover);
}
