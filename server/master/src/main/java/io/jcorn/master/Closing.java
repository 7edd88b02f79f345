package io.jcorn.master;

import java.util.ArrayDeque;
import java.util.Deque;

/** What has to be closed when the master ends, last opened first. */
final class Closing implements AutoCloseable {

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    <R extends AutoCloseable> R later(R resource) {
        resources.push(resource);
        return resource;
    }

    @Override
    public void close() {
        for (AutoCloseable resource = resources.poll(); resource != null; resource = resources.poll()) {
            try {
                resource.close();
            } catch (Exception e) {
                // Each resource logs its own trouble; this is a defect, and the others are still to be closed.
                System.err.println("jcorn: closing " + resource.getClass().getSimpleName() + ": " + e);
            }
        }
    }
}
