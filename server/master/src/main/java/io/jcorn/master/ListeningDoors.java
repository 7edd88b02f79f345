package io.jcorn.master;

import io.jcorn.master.arbiter.Doors;
import io.jcorn.master.listen.Listener;
import io.jcorn.master.posix.PosixException;
import io.jcorn.wire.Log;

/** The listeners of all generations, as the arbiter stops them. */
final class ListeningDoors implements Doors {

    private final GenerationStore generations;
    private final Log log;

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
        if (!listener.tcp()) {
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
        for (Listener listener : generations.listeners()) {
            if (listener.queued() > 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        for (Listener listener : generations.listeners()) {
            listener.unlinkIfOurs();
            listener.close();
        }
    }
}
