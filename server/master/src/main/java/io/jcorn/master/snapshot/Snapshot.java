package io.jcorn.master.snapshot;

import java.nio.file.Path;
import java.util.List;

/**
 * One generation's own copy of the application.
 *
 * @param application the copy of the archive or folder
 * @param classpath copies of what the application needs besides, in class path order
 */
public record Snapshot(Path application, List<Path> classpath) {
    public Snapshot {
        classpath = List.copyOf(classpath);
    }
}
