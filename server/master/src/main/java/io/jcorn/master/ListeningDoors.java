package io.jcorn.master;

import io.jcorn.master.arbiter.Doors;
import io.jcorn.master.listen.Listener;
import io.jcorn.master.posix.PosixException;
import io.jcorn.wire.Log;
import java.util.HashSet;
import java.util.Set;

/**
 * The listeners of all generations, as the arbiter stops them.
 *
 * <p>Lent ones are neither shut nor closed: their clients wait in the queue for the next server. Those that wait when the stop
 * begins are still served, because the queue is gone with us if nobody else holds the socket; those that come later are not
 * waited for. The socket goes back when the last worker is gone, see {@link GenerationStore#close}: whoever still accepts
 * relies on O_NONBLOCK.
 */
final class ListeningDoors implements Doors {

    private final GenerationStore generations;
    private final Log log;
    /** Lent listeners whose queue was empty since the stop began. */
    private final Set<Listener> seenEmpty = new HashSet<>();

    ListeningDoors(GenerationStore generations, Log log) {
        this.generations = generations;
        this.log = log;
    }

    @Override
    public void shut() {
        for (Listener listener : generations.listeners()) {
            shut(listener, log);
        }
    }

    /**
     * TCP: a filter drops new SYNs while the queue stays; the client's kernel tries again a second later and meets the next
     * server or a clean refusal. Unix: without its path nobody finds the socket.
     */
    static void shut(Listener listener, Log log) {
        listener.unlinkIfOurs();
        if (!listener.tcp() || listener.lent()) {
            return;
        }
        try {
            listener.shield();
        } catch (PosixException e) {
            log.warning("No filter can be attached to " + listener.address() + " (" + e.getMessage()
                    + "): clients that connect in the moment of closing may be reset");
        }
    }

    @Override
    public boolean empty() {
        boolean empty = true;
        for (Listener listener : generations.listeners()) {
            if (listener.queued() <= 0) {
                seenEmpty.add(listener);
            } else if (!listener.lent() || !seenEmpty.contains(listener)) {
                empty = false;
            }
        }
        return empty;
    }

    @Override
    public void close() {
        for (Listener listener : generations.listeners()) {
            if (!listener.lent()) {
                listener.unlinkIfOurs();
                listener.close();
            }
        }
    }
}
