package io.jcorn.agent.adopt;

import java.util.Set;

/**
 * One place where a class is rewritten. Not a record: the first use of a record's equals costs a JVM tens of milliseconds, and identity
 * is all that is needed.
 */
final class PatchPoint {

    private final String in;
    private final Set<String> methods;
    private final Kind kind;
    private final String target;
    private final int least;
    private final int most;

    /**
     * A place.
     *
     * @param in the class, by its internal name; for Netty only its end, since applications often relocate it
     * @param methods the methods of it, as name and descriptor, or as name and opening parenthesis for any descriptor; empty: all
     * @param kind what is done there
     * @param target the member that is called there, as owner, name and descriptor; empty where the kind says it
     * @param least how often it is found in a class that we know, at the least
     * @param most how often it is found in a class that we know, at the most
     */
    PatchPoint(String in, Set<String> methods, Kind kind, String target, int least, int most) {
        this.in = in;
        this.methods = methods;
        this.kind = kind;
        this.target = target;
        this.least = least;
        this.most = most;
    }

    /** What is done. Each names the method of {@link Hook} that it calls. */
    enum Kind {
        /** Instead of each call of the target: {@link Hook#bind}. */
        BIND,
        /** At the beginning: {@link Hook#bindUnix}. */
        BIND_UNIX,
        /** Before each call of the target: {@link Hook#backlog}. */
        LISTEN,
        /** Instead of each call of the target: {@link Hook#accept}. */
        ACCEPT,
        /** At the beginning: {@link Hook#mayAccept}; at the end: {@link Hook#accepted}. */
        ACCEPT_UNIX,
        /** Instead of each call of the target: {@link Hook#configureBlocking}. */
        BLOCKING,
        /** At the beginning: {@link Hook#closing}. */
        CLOSE,
        /** At the end, instead of what is returned: {@link Traffic#read} or {@link Traffic#readVector}. */
        READ,
        /** At the beginning: {@link Traffic#writing} or {@link Traffic#writingVector}. */
        WRITE,
        /** At the end: {@link Hook#opened}. */
        OPEN,
        /** Instead of each call of the target: {@link Hook#inherited}. */
        INHERIT,
        /** At the beginning: {@link Hook#keepsStreams}. */
        DETACH,
        /** At the beginning: {@link Hook#variable}. */
        VARIABLE,
        /** At the beginning: {@link Hook#nettyBind}. */
        NETTY_BIND,
        /** At the beginning: {@link Hook#nettyBacklog}. */
        NETTY_LISTEN,
        /** At the beginning: {@link Hook#nettyAccept}; after each call of accept(2): {@link Hook#nettyAccepted}. */
        NETTY_ACCEPT,
        /** Before each call of close(2): {@link Hook#nettyClosing}. */
        NETTY_CLOSE,
        /** At the end: {@link Hook#nettyOpened}. */
        NETTY_OPEN,
        /** At the end, instead of what is returned: {@link Traffic#nettyRead}. */
        NETTY_READ,
        /** At the beginning: {@link Traffic#nettyWriting} or {@link Traffic#nettyWritingVector}. */
        NETTY_WRITE,
        /** At the end: {@link Traffic#nettySpliced}. */
        NETTY_SPLICE
    }

    String in() {
        return in;
    }

    Kind kind() {
        return kind;
    }

    String target() {
        return target;
    }

    int least() {
        return least;
    }

    int most() {
        return most;
    }

    boolean concerns(String method) {
        return methods.isEmpty()
                || methods.contains(method)
                || methods.contains(method.substring(0, method.indexOf('(') + 1));
    }

    /** As messages name it. */
    @Override
    public String toString() {
        return in.replace('/', '.') + " " + kind;
    }
}
