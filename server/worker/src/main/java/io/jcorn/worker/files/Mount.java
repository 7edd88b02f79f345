package io.jcorn.worker.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A folder that is served.
 *
 * <p>Nothing outside of it is reached: the names of a path cannot lead upwards ({@link TargetPath}), and where symbolic links lead
 * is asked of the file system before a file is opened. Between the two somebody who may write into the folder could put a link in
 * the place of a folder: openat2(2) would close that gap, and Java does not have it. The file itself is opened without
 * following links.
 */
final class Mount {

    private static final String INDEX = "index.html";

    private final String prefix;
    private final Path root;

    /**
     * A mount.
     *
     * @param prefix {@code /}, or {@code /assets}
     * @throws IOException if there is no such folder
     */
    Mount(String prefix, Path folder) throws IOException {
        this.prefix = prefix.equals("/") ? "" : prefix;
        this.root = folder.toRealPath();
    }

    /** Returns how specific this is: the longest prefix wins. */
    int depth() {
        return prefix.length();
    }

    /** Whether a path, as it was sent, belongs here. */
    boolean covers(String path) {
        return path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    /** What a path stands for. */
    sealed interface Found permits Resource, Moved {}

    /** A folder with an index, asked for without the slash that relative links need. */
    record Moved() implements Found {}

    /** Returns what a path that this covers stands for, or null: then it is the application's. */
    @Nullable
    Found find(String path) throws IOException {
        TargetPath below = TargetPath.parse(path.substring(prefix.length()));
        if (below == null) {
            return null;
        }
        Path real = real(below);
        BasicFileAttributes attributes = real == null ? null : attributes(real);
        if (real == null || attributes == null) {
            return null;
        }
        if (!attributes.isDirectory()) {
            return attributes.isRegularFile() && !below.folder() ? new Resource(real, attributes) : null;
        }
        Path index = real.resolve(INDEX);
        BasicFileAttributes ofIndex = attributes(index);
        if (ofIndex == null || !ofIndex.isRegularFile()) {
            return null;
        }
        return below.folder() ? new Resource(index, ofIndex) : new Moved();
    }

    private @Nullable Path real(TargetPath below) {
        try {
            Path asked = root;
            for (String name : below.names()) {
                asked = asked.resolve(name);
            }
            Path real = asked.toRealPath();
            return real.startsWith(root) && !hidden(root.relativize(real)) ? real : null;
        } catch (IOException | InvalidPathException e) {
            // Nothing is there, or nothing that we may look at, or that this machine can name: to a client that
            // is all one.
            return null;
        }
    }

    /** A link from a plain name to a hidden file does not show it. */
    private static boolean hidden(Path below) {
        for (Path name : below) {
            if (TargetPath.hidden(name.toString())) {
                return true;
            }
        }
        return false;
    }

    /** Returns null if nothing is there. A link is what it is: neither file nor folder. */
    static @Nullable BasicFileAttributes attributes(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return null;
        }
    }
}
