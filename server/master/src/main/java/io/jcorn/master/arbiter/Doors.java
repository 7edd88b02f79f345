package io.jcorn.master.arbiter;

/** The listening sockets, as far as stopping is concerned. Nothing here blocks. */
public interface Doors {

    /** Lets no new connection in, while handshakes under way complete and the queues stay. */
    void shut();

    /** Whether no connection waits to be accepted. */
    boolean empty();

    /** Closes all listeners. */
    void close();
}
