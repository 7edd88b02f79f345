package io.jcorn.agent.adopt;

import java.lang.ref.WeakReference;

/**
 * One socket of the application that has become a listener of the master.
 *
 * <p>It is recognised by the identity of the object that the application's library keeps for it, never by its number: numbers are
 * given to other files as soon as it is closed.
 */
final class Adopted {

    private final WeakReference<Object> key;
    private final String address;
    private final int number;
    private final String transport;
    private volatile boolean listens;
    private volatile boolean used;
    private volatile boolean closed;
    private volatile long listensSince;
    private volatile long closedAt;

    /**
     * A socket from now on.
     *
     * @param key the JDK's FileDescriptor, or Netty's Socket
     * @param number its descriptor, valid until it is closed
     * @param address the address that the master holds
     */
    Adopted(Object key, int number, String address) {
        this.key = new WeakReference<>(key);
        this.number = number;
        this.address = address;
        this.transport = NativeTransport.prefix(key.getClass().getName());
    }

    boolean is(Object candidate) {
        return key.get() == candidate;
    }

    int number() {
        return number;
    }

    String address() {
        return address;
    }

    /** Whether the application has called listen and has not closed it since. */
    boolean listens() {
        return listens && open();
    }

    /** Whether the application has tried to accept from it. */
    boolean used() {
        return used;
    }

    /** Whether it is neither closed nor forgotten. */
    boolean open() {
        return !closed && key.get() != null;
    }

    void markListens() {
        listensSince = HostedWorker.clock();
        listens = true;
    }

    /** Whether the application has ever called listen. */
    boolean listened() {
        return listens;
    }

    /** Returns for how long it listened, in milliseconds; until now, if it still does. */
    long listenedMillis() {
        return (closed ? closedAt : HostedWorker.clock()) - listensSince;
    }

    /** Returns what {@link NativeTransport#prefix} says of its library. */
    String transport() {
        return transport;
    }

    void markUsed() {
        // Read first: a store by each accept would move the cache line from core to core.
        if (!used) {
            used = true;
        }
    }

    void markClosed() {
        closedAt = HostedWorker.clock();
        closed = true;
    }
}
