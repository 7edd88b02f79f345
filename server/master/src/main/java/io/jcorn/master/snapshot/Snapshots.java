package io.jcorn.master.snapshot;

import io.jcorn.master.posix.Posix;
import io.jcorn.master.posix.PosixException;
import io.jcorn.master.posix.Reason;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Makes and removes the copies of the application, below one folder of the run.
 *
 * <p>A JVM reads classes from its jar as long as it lives; one that is overwritten in place makes it load the new
 * version's classes into the old version's process, or crash. So workers never run from the file that the operator
 * deploys to. Where the file system can clone, a snapshot costs no space and no time.
 */
public final class Snapshots {

    private final Path folder;
    private final Posix posix;
    private final Map<Integer, List<Path>> copies = new ConcurrentHashMap<>();

    /**
     * Snapshots below a folder.
     *
     * @param folder exists, private to this master
     */
    public Snapshots(Path folder, Posix posix) {
        this.folder = folder;
        this.posix = posix;
    }

    /**
     * Copies the application and all that its manifest's {@code Class-Path} names.
     *
     * @param application an archive or a folder of classes
     * @param extra further archives and folders, from the configuration
     * @throws IOException if something cannot be read or the disk is full
     */
    public Snapshot take(int generation, Path application, List<Path> extra) throws IOException {
        Path archive = application.toAbsolutePath().normalize();
        boolean wholeFolder = livesInItsFolder(archive);
        Set<Path> needed = new LinkedHashSet<>();
        if (!wholeFolder) {
            collect(archive, true, needed);
        }
        for (Path entry : extra) {
            Path named = entry.toAbsolutePath().normalize();
            needed.add(named);
            collect(named, true, needed);
        }
        return copied(generation, archive, wholeFolder, needed);
    }

    /**
     * Copies a module path. What manifests say counts nothing there.
     *
     * @param application a modular archive, or a folder of such
     * @param extra further ones, from the configuration
     * @throws IOException if something cannot be read or the disk is full
     */
    public Snapshot takeModules(int generation, Path application, List<Path> extra) throws IOException {
        Set<Path> needed = new LinkedHashSet<>();
        extra.forEach(entry -> needed.add(entry.toAbsolutePath().normalize()));
        return copied(generation, application.toAbsolutePath().normalize(), false, needed);
    }

    private Snapshot copied(int generation, Path archive, boolean wholeFolder, Set<Path> needed) throws IOException {
        Path target = folder.resolve("gen-" + generation);
        remove(target);
        needed.remove(archive);
        Path parent = archive.getParent();
        Path copy = wholeFolder && parent != null
                ? copyInto(target.resolve("app"), parent).resolve(parent.relativize(archive))
                : copyInto(target.resolve("app"), archive);
        List<Path> classpath = new ArrayList<>();
        for (Path entry : needed) {
            // Numbered: two entries of one name may come from different folders.
            classpath.add(copyInto(target.resolve("lib-" + (classpath.size() + 1)), entry));
        }
        try (Stream<Path> all = Files.walk(target)) {
            copies.put(generation, all.filter(Files::isRegularFile).toList());
        }
        return new Snapshot(copy, classpath);
    }

    /** Quarkus's fast-jar finds its libraries and its classes from where its jar lies, whatever the class path says. */
    private static boolean livesInItsFolder(Path archive) {
        return Files.isRegularFile(archive) && Files.exists(archive.resolveSibling("quarkus/quarkus-application.dat"));
    }

    private Path copyInto(Path parent, Path entry) throws IOException {
        Path name = entry.getFileName();
        Path to = parent.resolve(name == null ? "root" : name.toString());
        try {
            Files.createDirectories(parent);
            copy(entry, to);
        } catch (IOException e) {
            throw new IOException("no copy of " + entry + " can be made in " + parent + " (" + Reason.of(e) + ")", e);
        }
        return to;
    }

    /** Returns a file of a generation's copies that is gone; empty: they are all there. */
    public Optional<Path> missing(int generation) {
        return copies.getOrDefault(generation, List.of()).stream()
                .filter(file -> !Files.exists(file, LinkOption.NOFOLLOW_LINKS))
                .findFirst();
    }

    /** Removes the copies of a generation. What a dying process still has open stays readable for it. */
    public void forget(int generation) throws IOException {
        copies.remove(generation);
        remove(folder.resolve("gen-" + generation));
    }

    /**
     * Adds what an archive's manifest asks for, and what that asks for, in class path order.
     *
     * @param named whether the operator named it: it must be an archive then. The JVM passes over what is none, in a
     *     {@code Class-Path}
     */
    private static void collect(Path archive, boolean named, Set<Path> into) throws IOException {
        if (!Files.isRegularFile(archive)) {
            return;
        }
        for (String entry : classPath(archive, named).trim().split("\\s+", -1)) {
            Path path = entry.isEmpty() ? null : resolve(archive, entry);
            // An entry that does not exist is no error: the JVM's own launcher ignores it too.
            if (path != null && Files.exists(path) && into.add(path)) {
                collect(path, false, into);
            }
        }
    }

    private static String classPath(Path archive, boolean named) throws IOException {
        try (JarFile jar = new JarFile(archive.toFile())) {
            Manifest manifest = jar.getManifest();
            String value =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            return value == null ? "" : value;
        } catch (ZipException e) {
            if (named) {
                throw new IOException(archive + " is no archive (" + e.getMessage() + ")", e);
            }
            return "";
        } catch (IOException e) {
            throw new IOException(archive + " cannot be read (" + Reason.of(e) + ")", e);
        }
    }

    private static @Nullable Path resolve(Path archive, String entry) {
        try {
            URI uri = archive.toUri().resolve(new URI(entry));
            return "file".equals(uri.getScheme()) ? Path.of(uri).normalize() : null;
        } catch (URISyntaxException | IllegalArgumentException e) {
            return null;
        }
    }

    private Path copy(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            copyFile(from, to);
            return to;
        }
        Files.walkFileTree(from, Set.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new Copying(from, to));
        return to;
    }

    /** Copies what a class path can be made of: folders and regular files. */
    private final class Copying extends SimpleFileVisitor<Path> {
        private final Path from;
        private final Path to;

        Copying(Path from, Path to) {
            this.from = from;
            this.to = to;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            // "Class-Path: ." next to our own folder: the copy would be copied for ever.
            if (Files.isSameFile(directory, folder)) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(to.resolve(from.relativize(directory)));
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            // Reading a FIFO would wait for a writer; a link into nowhere is what editors use for locks.
            if (attributes.isRegularFile()) {
                copyFile(file, to.resolve(from.relativize(file)));
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof FileSystemLoopException) {
                return FileVisitResult.CONTINUE;
            }
            throw e;
        }
    }

    private void copyFile(Path from, Path to) throws IOException {
        if (!cloned(from, to)) {
            Files.copy(from, to);
        }
    }

    private boolean cloned(Path from, Path to) throws IOException {
        try {
            return posix.cloneFile(from.toRealPath(), to);
        } catch (PosixException e) {
            // Copying says better what is wrong with the file, if anything is.
            Files.deleteIfExists(to);
            return false;
        }
    }

    /** Removes a folder and all that is in it; nothing happens if it does not exist. Follows no links. */
    public static void remove(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
