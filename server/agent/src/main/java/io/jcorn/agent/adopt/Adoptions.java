package io.jcorn.agent.adopt;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sockets that have been adopted. Few, seldom changed, and looked at by every accept and every close. */
final class Adoptions {

    private volatile Adopted[] all = {};
    private volatile @Nullable Adopted listenedLast;

    synchronized Adopted add(Object key, int number, String address) {
        List<Adopted> next = new ArrayList<>();
        for (Adopted adopted : all) {
            if (adopted.open()) {
                next.add(adopted);
            }
        }
        Adopted added = new Adopted(key, number, address);
        next.add(added);
        all = next.toArray(new Adopted[0]);
        return added;
    }

    /** Returns what a library's object stands for, null if that is no socket of ours. */
    @Nullable
    Adopted of(Object key) {
        for (Adopted adopted : all) {
            if (adopted.is(key)) {
                return adopted;
            }
        }
        return null;
    }

    /** A socket listens. */
    void listens(Adopted adopted) {
        adopted.markListens();
        listenedLast = adopted;
    }

    /** Returns the one that has begun to listen last, whatever has become of it; null if none ever did. */
    @Nullable
    Adopted listenedLast() {
        return listenedLast;
    }

    /** Returns those that are open, as they are now. */
    List<Adopted> open() {
        List<Adopted> open = new ArrayList<>();
        for (Adopted adopted : all) {
            if (adopted.open()) {
                open.add(adopted);
            }
        }
        return open;
    }
}
