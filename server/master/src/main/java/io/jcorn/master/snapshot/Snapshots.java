package io.jcorn.master.snapshot;

import io.jcorn.master.posix.Posix;
import io.jcorn.master.posix.PosixException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

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
        Path target = folder.resolve("gen-" + generation);
        remove(target);
        Files.createDirectories(target);
        Path copy = copy(application, target.resolve(application.getFileName()));
        Set<Path> needed = new LinkedHashSet<>();
        collect(application, needed);
        for (Path entry : extra) {
            needed.add(entry);
            collect(entry, needed);
        }
        needed.remove(application);
        List<Path> classpath = new ArrayList<>();
        int number = 0;
        for (Path entry : needed) {
            // Numbered: two entries of one name may come from different folders.
            Path into = Files.createDirectories(target.resolve("lib-" + ++number));
            classpath.add(copy(entry, into.resolve(entry.getFileName())));
        }
        return new Snapshot(copy, classpath);
    }

    /** Removes the copies of a generation. What a dying process still has open stays readable for it. */
    public void forget(int generation) throws IOException {
        remove(folder.resolve("gen-" + generation));
    }

    /** Adds what an archive's manifest asks for, and what that asks for, in class path order. */
    private static void collect(Path archive, Set<Path> into) throws IOException {
        if (!Files.isRegularFile(archive)) {
            return;
        }
        Manifest manifest;
        try (JarFile jar = new JarFile(archive.toFile())) {
            manifest = jar.getManifest();
        }
        String value = manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
        if (value == null) {
            return;
        }
        for (String entry : value.trim().split("\\s+", -1)) {
            Path path = resolve(archive, entry);
            // An entry that does not exist is no error: the JVM's own launcher ignores it too.
            if (path != null && Files.exists(path) && into.add(path)) {
                collect(path, into);
            }
        }
    }

    private static @org.jspecify.annotations.Nullable Path resolve(Path archive, String entry) {
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
        Files.walkFileTree(
                from, Set.of(java.nio.file.FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                            throws IOException {
                        Files.createDirectories(to.resolve(from.relativize(directory)));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        copyFile(file, to.resolve(from.relativize(file)));
                        return FileVisitResult.CONTINUE;
                    }
                });
        return to;
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

    /** Removes a folder and all that is in it; nothing happens if it does not exist. */
    public static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @org.jspecify.annotations.Nullable IOException e)
                    throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
