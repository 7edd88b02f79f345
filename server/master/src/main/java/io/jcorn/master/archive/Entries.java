package io.jcorn.master.archive;

import io.jcorn.master.settings.FolderFiles;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** The files in an archive or a folder; names have slashes and are relative to it. */
interface Entries extends Closeable {

    /** Whether there is a file of this name. */
    boolean has(String name);

    /** Returns a file's bytes; empty: there is none. */
    Optional<byte[]> read(String name) throws IOException;

    /** Returns the names of all files, in the order of the alphabet. */
    Set<String> names() throws IOException;

    /** Opens an archive or a folder. */
    static Entries open(Path path) throws IOException {
        return Files.isDirectory(path) ? new OfFolder(path) : new OfArchive(new ZipFile(path.toFile()));
    }

    /** The files of a folder. */
    record OfFolder(Path folder) implements Entries {
        @Override
        public boolean has(String name) {
            return Files.isRegularFile(folder.resolve(name));
        }

        @Override
        public Optional<byte[]> read(String name) throws IOException {
            return has(name) ? Optional.of(Files.readAllBytes(folder.resolve(name))) : Optional.empty();
        }

        @Override
        public Set<String> names() throws IOException {
            Set<String> names = new TreeSet<>();
            FolderFiles.each(folder, names::add);
            return names;
        }

        @Override
        public void close() {}
    }

    /** The files of an archive. */
    record OfArchive(ZipFile zip) implements Entries {
        @Override
        public boolean has(String name) {
            return zip.getEntry(name) != null;
        }

        @Override
        public Optional<byte[]> read(String name) throws IOException {
            @Nullable ZipEntry entry = zip.getEntry(name);
            if (entry == null) {
                return Optional.empty();
            }
            try (InputStream in = zip.getInputStream(entry)) {
                return Optional.of(in.readAllBytes());
            }
        }

        @Override
        public Set<String> names() {
            Set<String> names = new TreeSet<>();
            // Folders are not asked for, but one says what the archive was meant to be even when it is empty.
            zip.stream()
                    .filter(entry -> !entry.isDirectory() || entry.getName().equals(WebArchive.WEB_INF))
                    .forEach(entry -> names.add(entry.getName()));
            return names;
        }

        @Override
        public void close() throws IOException {
            zip.close();
        }
    }
}
