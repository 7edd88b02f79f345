package io.jcorn.worker.http2;

/** The last streams that we reset: their clients cannot have known, and what they had on its way is no offence. */
final class RecentResets {

    private static final int COUNT = 64;

    private final int[] ids = new int[COUNT];
    private int next;

    void add(int id) {
        ids[next] = id;
        next = (next + 1) % COUNT;
    }

    boolean contains(int id) {
        for (int known : ids) {
            if (known == id) {
                return true;
            }
        }
        return false;
    }
}
