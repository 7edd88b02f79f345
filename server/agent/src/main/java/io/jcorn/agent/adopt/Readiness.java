package io.jcorn.agent.adopt;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether the application serves. It does when an adopted socket listens and stays open: who only tries whether a port is free
 * closes it at once.
 *
 * <pre>
 *   WAITING ── a held address listens ──► SETTLING ── accept was called, or {@value #SETTLED_MILLIS} ms ──► PROBING ── 2xx ──► READY
 *      ▲                                     │                                     (without a ready-path: at once)      │
 *      ├─────────── it was closed ───────────┘                                                                           │
 *      └──────────────────────────────────────────────── every one was closed: DEAF ◄────────────────────────────────────┘
 * </pre>
 *
 * <p>One thread steps through this; the application's threads only say that something has changed.
 */
final class Readiness {

    /** How long a socket has to listen before that is believed, in milliseconds. */
    static final long SETTLED_MILLIS = 100;

    /** How long it has to listen on other ports alone before that is worth a word, in milliseconds: the held one may come last. */
    static final long ELSEWHERE_MILLIS = 5_000;

    private static final int MOST_EXTRA_PORTS = 64;

    /** What has become true with a step. */
    enum Verdict {
        /** Nothing new. */
        NOTHING,
        /** It listens; whether it answers is to be found out now. */
        LISTENS,
        /** It has listened for a while where nobody holds the port, and nowhere else. Said once. */
        ELSEWHERE,
        /** It does not serve and the time for that is over. */
        OVERDUE,
        /** It served and has closed its sockets for longer than a start may take. Said once. */
        DEAF
    }

    private enum State {
        WAITING,
        SETTLING,
        LISTENING,
        DEAF
    }

    /**
     * A port that the application has bound although nobody holds it.
     *
     * @param wanted the port that it asked for
     * @param bound the port that it got
     */
    record ExtraPort(int wanted, int bound) {}

    private static final class Extra {
        private final WeakReference<Object> key;
        private final ExtraPort port;
        private boolean listens;

        Extra(Object key, ExtraPort port) {
            this.key = new WeakReference<>(key);
            this.port = port;
        }
    }

    private final Adoptions adoptions;
    private final long patienceMillis;
    private final List<Extra> extras = new ArrayList<>();
    private final long began;
    private State state = State.WAITING;
    private long since;
    private boolean served;
    private boolean overdueTold;
    private boolean deafTold;
    private boolean changed;
    private boolean extraListens;
    private boolean elsewhereTold;
    private long elsewhereSince = Long.MAX_VALUE;

    /**
     * Nothing listens yet.
     *
     * @param now milliseconds of any monotonic clock, the same that {@link #step} is given
     * @param patienceMillis how long the application may take until it listens
     */
    Readiness(Adoptions adoptions, long now, long patienceMillis) {
        this.adoptions = adoptions;
        this.began = now;
        this.since = now;
        this.patienceMillis = patienceMillis;
    }

    /** The master was told that the application serves: it can be deaf from now on, but not overdue any more. */
    synchronized void served() {
        served = true;
    }

    /** A socket listens, or was closed. */
    synchronized void changed() {
        changed = true;
        notifyAll();
    }

    /** Waits for a change, for so many milliseconds at the most. */
    synchronized void await(long millis) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = millis; !changed && left > 0; left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
            wait(left);
        }
        changed = false;
    }

    synchronized void bound(Object key, int wanted, int bound) {
        extras.removeIf(extra -> extra.key.get() == null);
        if (extras.size() < MOST_EXTRA_PORTS) {
            extras.add(new Extra(key, new ExtraPort(wanted, bound)));
        }
    }

    /** Returns the port that nobody holds on which a socket begins to listen, null if it is another socket. */
    synchronized @Nullable ExtraPort listensElsewhere(Object key) {
        for (Extra extra : extras) {
            if (extra.key.get() == key && !extra.listens) {
                extra.listens = true;
                extraListens |= !management(extra.port.wanted());
                changed();
                return extra.port;
            }
        }
        return null;
    }

    /** Returns the ports that nobody holds on which the application listens, as it asked for them. */
    synchronized List<Integer> elsewhere() {
        return extras.stream()
                .filter(extra -> extra.listens)
                .map(extra -> extra.port.wanted())
                .filter(port -> !management(port))
                .distinct()
                .sorted()
                .collect(Collectors.toList());
    }

    /** The JVM itself listens there, before the application begins: that says nothing about where the application does. */
    private static boolean management(int port) {
        return port == Integer.getInteger("com.sun.management.jmxremote.port", 0)
                || port == Integer.getInteger("com.sun.management.jmxremote.rmi.port", 0);
    }

    /** Looks at what is there now. */
    synchronized Verdict step(long now) {
        boolean listens = false;
        boolean used = false;
        for (Adopted adopted : adoptions.open()) {
            listens |= adopted.listens();
            used |= adopted.listens() && adopted.used();
        }
        if (overdue(now)) {
            return Verdict.OVERDUE;
        }
        if (elsewhere(now, listens)) {
            return Verdict.ELSEWHERE;
        }
        switch (state) {
            case WAITING -> {
                if (listens) {
                    become(State.SETTLING, now);
                }
            }
            case SETTLING -> {
                if (!listens) {
                    become(State.WAITING, now);
                }
            }
            case LISTENING -> {
                if (!listens) {
                    become(State.DEAF, now);
                }
            }
            case DEAF -> {
                if (listens) {
                    become(State.LISTENING, now);
                } else if (!deafTold && now - since >= patienceMillis) {
                    deafTold = true;
                    return Verdict.DEAF;
                }
            }
        }
        if (state == State.SETTLING && (used || now - since >= SETTLED_MILLIS)) {
            become(State.LISTENING, now);
            return Verdict.LISTENS;
        }
        return Verdict.NOTHING;
    }

    /** The time counts from the last port that came. */
    private boolean elsewhere(long now, boolean listens) {
        if (extraListens) {
            extraListens = false;
            elsewhereSince = now;
        }
        if (served || listens || elsewhereTold || elsewhereSince == Long.MAX_VALUE) {
            return false;
        }
        elsewhereTold = now - elsewhereSince >= ELSEWHERE_MILLIS;
        return elsewhereTold;
    }

    private boolean overdue(long now) {
        if (served || overdueTold || now - began < patienceMillis) {
            return false;
        }
        overdueTold = true;
        return true;
    }

    private void become(State next, long now) {
        state = next;
        since = now;
    }

    /** Returns how long nothing can change by time alone, in milliseconds. */
    synchronized long restMillis(long now) {
        long next = served || overdueTold ? Long.MAX_VALUE : began + patienceMillis;
        if (!served && !elsewhereTold && elsewhereSince != Long.MAX_VALUE && state == State.WAITING) {
            next = Math.min(next, elsewhereSince + ELSEWHERE_MILLIS);
        }
        if (state == State.SETTLING) {
            next = Math.min(next, since + SETTLED_MILLIS);
        } else if (state == State.DEAF && !deafTold) {
            next = Math.min(next, since + patienceMillis);
        }
        return next == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(1, next - now);
    }
}
