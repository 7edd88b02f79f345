package io.jcorn.master.log;

import java.util.Optional;

/**
 * What is known of a worker besides what the arbiter knows, to say no more of its end than that.
 *
 * @param hosted whether its server is the application's own
 * @param begun whether its JVM came as far as jcorn's part of it, which comes before the application
 * @param debugger where its JVM's debugger is to listen; empty: nowhere, or at a port that the kernel chooses
 */
public record Circumstances(boolean hosted, boolean begun, Optional<String> debugger) {}
