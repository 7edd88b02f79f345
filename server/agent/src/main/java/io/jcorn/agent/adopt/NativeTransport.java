package io.jcorn.agent.adopt;

/** Native transports of Netty, by the names of their classes, which applications often relocate. */
final class NativeTransport {

    /** What is no prefix of a name. */
    static final String NONE = "-";

    private static final String PACKAGE = "io.netty.channel.";

    private NativeTransport() {}

    /** Returns what stands before {@code io.netty} in the name of a class of a native transport; {@link #NONE} for any other class. */
    static String prefix(String name) {
        int at = name.indexOf(PACKAGE);
        return at < 0 ? NONE : name.substring(0, at);
    }

    /** Returns the flag that has Netty use the JDK's sockets instead. */
    static String flag(String prefix) {
        return "--java-opt=-D" + prefix + "io.netty.transport.noNative=true";
    }
}
