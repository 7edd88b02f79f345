package io.jcorn.master;

import io.jcorn.master.arbiter.Event;
import io.jcorn.master.arbiter.Generations;
import io.jcorn.master.listen.Listener;
import io.jcorn.master.log.LostRequests;
import io.jcorn.master.posix.Reason;
import io.jcorn.wire.AccessLogOptions;
import io.jcorn.wire.Log;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The generations that exist, and the preparation of the next one on a thread of its own: reading a configuration and
 * copying an application may take longer than the arbiter's loop may.
 */
final class GenerationStore implements Generations, AutoCloseable {

    /** Makes generations; the first one before the arbiter exists, the others when a reload asks for them. */
    interface Maker {
        /**
         * Makes a generation.
         *
         * @param before the newest one that exists; null for the first
         * @throws PreparationException if the configuration is wrong, the application cannot be copied, an address cannot be bound
         */
        Generation make(int number, @Nullable Generation before) throws PreparationException;

        /** Returns the arbiter's part of a generation's configuration. */
        io.jcorn.master.arbiter.Policy policy(Generation generation);

        /**
         * Looks for what the workers of a generation need and what others can take away: the copy of the application, the
         * workers' Java.
         *
         * @return what is gone, as the subject and predicate of a sentence; empty: it is all there
         */
        Optional<String> missing(Generation generation);

        /** Removes the files of a generation. */
        void remove(Generation generation) throws IOException;
    }

    /** Why a generation cannot be made, in complete sentences for the user. */
    static final class PreparationException extends Exception {
        private static final long serialVersionUID = 1L;

        private final ExitCode exitCode;

        PreparationException(ExitCode exitCode, String message, @Nullable Throwable cause) {
            super(message, cause);
            this.exitCode = exitCode;
        }

        /** What the master exits with if this was the first generation. */
        ExitCode exitCode() {
            return exitCode;
        }
    }

    private static final long PATIENCE_SECONDS = 5;

    private final Maker maker;
    private final Consumer<Event> events;
    private final Log log;
    private final Map<Integer, Generation> generations = new ConcurrentSkipListMap<>();
    private final ExecutorService preparer = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "jcorn-preparer");
        thread.setDaemon(true);
        return thread;
    });

    GenerationStore(Maker maker, Consumer<Event> events, Log log) {
        this.maker = maker;
        this.events = events;
        this.log = log;
    }

    /** Makes the first generation, on the caller's thread. */
    Generation first() throws PreparationException {
        Generation generation = maker.make(1, null);
        generations.put(1, generation);
        return generation;
    }

    Generation get(int number) throws IOException {
        Generation generation = generations.get(number);
        if (generation == null) {
            throw new IOException("generation " + number + " does not exist");
        }
        return generation;
    }

    /**
     * Looks whether a worker of a generation can be started. If not, the arbiter asks for a new generation: nothing else can
     * heal that.
     *
     * @throws LostException if something that its workers need is gone
     */
    void check(Generation generation) throws LostException {
        Optional<String> missing = maker.missing(generation);
        if (missing.isPresent()) {
            throw new LostException(missing.get() + ". A new generation is prepared, as on HUP");
        }
    }

    /** Whether the application of a generation brings its own server along; false if it is gone. */
    boolean hosted(int number) {
        Generation generation = generations.get(number);
        return generation != null && generation.hosted();
    }

    /** Returns where the debuggers of a generation's workers are to listen, all of them or those of one slot. */
    Optional<String> debugger(int number) {
        Generation generation = generations.get(number);
        return generation == null ? Optional.empty() : generation.command().debugger();
    }

    /** Returns where the lines of a generation's requests go: nowhere if it is gone. */
    LostRequests.Destination accessLog(int number) {
        Generation generation = generations.get(number);
        return generation == null
                ? new LostRequests.Destination(AccessLogOptions.NONE, Map.of())
                : generation.accessLog();
    }

    /** Returns the newest generation. */
    Generation newest() {
        Generation newest = null;
        for (Generation generation : generations.values()) {
            newest = generation;
        }
        if (newest == null) {
            throw new IllegalStateException("no generation was made");
        }
        return newest;
    }

    /** Returns every listener of every generation, once. */
    Set<Listener> listeners() {
        Set<Listener> listeners = new HashSet<>();
        generations.values().forEach(generation -> listeners.addAll(generation.listeners()));
        return listeners;
    }

    @Override
    public void prepare(int number) {
        preparer.execute(() -> {
            try {
                Generation generation = maker.make(number, newest());
                generations.put(number, generation);
                events.accept(new Event.Prepared(number, maker.policy(generation)));
            } catch (PreparationException e) {
                events.accept(new Event.Refused(String.valueOf(e.getMessage())));
            } catch (RuntimeException | Error e) {
                events.accept(new Event.Refused("A defect in jcorn: " + e));
            }
        });
    }

    /** Listeners that only the predecessors had let nobody in any more; who already waits there is still served. */
    @Override
    public void promoted(int number) {
        Set<Listener> kept =
                new HashSet<>(generations.getOrDefault(number, newest()).listeners());
        for (Listener listener : listeners()) {
            if (!kept.contains(listener)) {
                ListeningDoors.shut(listener, log);
            }
        }
    }

    @Override
    public void forget(int number) {
        Generation gone = generations.remove(number);
        if (gone == null) {
            return;
        }
        Set<Listener> kept = listeners();
        for (Listener listener : gone.listeners()) {
            if (!kept.contains(listener)) {
                log.info("No longer listening at: " + gone.url(listener));
                listener.unlinkIfOurs();
                listener.close();
            }
        }
        try {
            maker.remove(gone);
        } catch (IOException e) {
            log.warning("The snapshot of generation " + number + " cannot be removed: " + Reason.of(e));
        }
    }

    /**
     * Ends a preparation that is under way and closes whatever is still open: a master that gives up, or fails before its loop
     * runs, leaves no path of a Unix socket behind either.
     */
    @Override
    public void close() {
        preparer.shutdownNow();
        try {
            if (!preparer.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                log.warning("The preparation of a generation does not end; its files may be left behind");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Listener listener : listeners()) {
            listener.unlinkIfOurs();
            listener.close();
        }
    }
}
