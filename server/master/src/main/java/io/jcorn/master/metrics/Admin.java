package io.jcorn.master.metrics;

import io.jcorn.master.arbiter.Arbiter;
import io.jcorn.master.arbiter.Journal;
import io.jcorn.master.listen.BindException;
import io.jcorn.master.listen.Listener;
import io.jcorn.master.settings.BindAddress;
import io.jcorn.master.settings.Configuration;
import io.jcorn.master.settings.Settings;
import io.jcorn.wire.Log;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;

/** The master's pages about itself, or nothing at all when {@code admin-bind} is not set. */
public interface Admin extends AutoCloseable {

    /** No pages. */
    Admin NONE = new Admin() {
        @Override
        public Optional<String> url() {
            return Optional.empty();
        }

        @Override
        public Journal journal(Journal other) {
            return other;
        }

        @Override
        public void turned(Arbiter arbiter) {}

        @Override
        public void close() {}
    };

    /**
     * Listens where the configuration says. Answers begin with the arbiter's first turn; whoever asks before waits.
     *
     * @param listeners of all generations; asked on several threads
     * @param tally to read the scoreboard through
     * @param pid the master's
     * @param version of jcorn
     * @throws BindException the address cannot be had
     */
    static Admin of(
            Configuration configuration,
            Supplier<? extends Collection<Listener>> listeners,
            Tally tally,
            int pid,
            String version,
            Log log)
            throws BindException {
        BindAddress address = configuration.get(Settings.ADMIN_BIND).orElse(null);
        // The settings let nothing else through.
        if (!(address instanceof BindAddress.Tcp tcp)) {
            return NONE;
        }
        return new AdminPages(
                AdminServer.bind(tcp, pid, log),
                () -> listeners.get().stream().map(AcceptQueue::of).toList(),
                tally,
                pid,
                version);
    }

    /** Returns where the pages are, with the real port; empty: there are none. */
    Optional<String> url();

    /** Returns a journal that tells the other one everything, and whatever the pages need to know. */
    Journal journal(Journal other);

    /** A turn of the loop is over. Only on the arbiter's thread. */
    void turned(Arbiter arbiter);

    @Override
    void close();
}
