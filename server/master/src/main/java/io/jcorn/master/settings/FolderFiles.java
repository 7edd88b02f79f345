package io.jcorn.master.settings;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The files in a folder that somebody names as his application. */
public final class FolderFiles {

    private static final int DEEPEST = 64;

    /** Whoever names / by mistake shall not wait until the whole disk was read. */
    private static final int MOST_FILES = 100_000;

    private FolderFiles() {}

    /**
     * Shows the files of a folder until told to stop; what cannot be entered is left out.
     *
     * @param goOn is given each file's path relative to the folder; false ends it
     */
    public static void each(Path folder, Predicate<String> goOn) throws IOException {
        // The folder itself may be a symbolic link, as a deployed release often is; those in it are not followed.
        Path real = folder.toRealPath();
        Files.walkFileTree(real, Set.of(), DEEPEST, new SimpleFileVisitor<>() {
            private int left = MOST_FILES;

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                boolean more = goOn.test(real.relativize(file).toString());
                return more && --left > 0 ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
