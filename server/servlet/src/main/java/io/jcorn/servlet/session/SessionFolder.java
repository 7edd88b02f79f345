package io.jcorn.servlet.session;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The folder that all workers keep the sessions of one context in: one file per session.
 *
 * <p>Processes share it without locks. A file is written beside its place and renamed into it, so whoever reads sees one whole
 * session, and of two that write the later one wins. A request that changes nothing leaves only its time, as the file's: it
 * cannot undo what another one has written meanwhile.
 */
final class SessionFolder {

    /** Ids are made by us, of these characters. Whatever else a client sends is nobody's, and never becomes a path. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");

    private static final String TEMPORARY = ".new";

    /** After this long a file that was never renamed belongs to a process that was killed, in milliseconds. */
    private static final long ABANDONED_MILLIS = 10 * 60 * 1000L;

    private final Path folder;

    /**
     * The folder of one context, made where it is missing, for this user only.
     *
     * @throws IOException if it cannot be made or written
     */
    SessionFolder(Path root, String contextPath) throws IOException {
        // A path as one name, without a slash and never "." or "..".
        String name = "context-" + URLEncoder.encode(contextPath, StandardCharsets.UTF_8);
        folder = root.resolve(name);
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (!Files.isWritable(folder)) {
            throw new IOException(folder + " cannot be written: permission denied");
        }
    }

    private Optional<Path> file(String id) {
        return ID.matcher(id).matches() ? Optional.of(folder.resolve(id)) : Optional.empty();
    }

    /** Reads a session; empty: there is none. */
    Optional<StoredBytes> read(String id) throws IOException {
        Optional<Path> file = file(id);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (DataInputStream in = open(file.get())) {
            long time = time(file.get());
            return Optional.of(new StoredBytes(SessionHead.read(in, time), time, in.readAllBytes()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Reads the head of a session only. */
    Optional<SessionHead> head(String id) throws IOException {
        Optional<Path> file = file(id);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (DataInputStream in = open(file.get())) {
            return Optional.of(SessionHead.read(in, time(file.get())));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static DataInputStream open(Path file) throws IOException {
        return new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
    }

    private static long time(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toMillis();
    }

    /** Writes a session, in place of the one that is there. */
    void write(String id, SessionHead head, byte[] attributes) throws IOException {
        Path file = file(id).orElseThrow(() -> new IOException("\"" + id + "\" is no id of a session"));
        // Created with mode 0600.
        Path beside = Files.createTempFile(folder, "", TEMPORARY);
        try {
            try (OutputStream out = Files.newOutputStream(beside);
                    DataOutputStream data = new DataOutputStream(out)) {
                head.write(data);
                data.write(attributes);
            }
            Files.setLastModifiedTime(beside, FileTime.fromMillis(head.accessed()));
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException(folder + " is on a file system that cannot rename", e);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /** Notes a request that has changed nothing. Another one may have come later, or ended the session. */
    void touch(String id, long accessed) throws IOException {
        Optional<Path> file = file(id);
        try {
            if (file.isPresent() && time(file.get()) < accessed) {
                Files.setLastModifiedTime(file.get(), FileTime.fromMillis(accessed));
            }
        } catch (NoSuchFileException e) {
            // It ended meanwhile, and stays ended.
            return;
        }
    }

    /** Ends a session; false: there was none. */
    boolean delete(String id) throws IOException {
        Optional<Path> file = file(id);
        return file.isPresent() && Files.deleteIfExists(file.get());
    }

    /** Returns the ids of the sessions with such a head, and clears away what killed processes have left. */
    Set<String> find(Predicate<SessionHead> condition) throws IOException {
        Set<String> ids = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.endsWith(TEMPORARY)) {
                    deleteAbandoned(file);
                } else if (matches(name, condition)) {
                    ids.add(name);
                }
            }
        }
        return ids;
    }

    private boolean matches(String id, Predicate<SessionHead> condition) {
        try {
            return head(id).filter(condition).isPresent();
        } catch (IOException e) {
            // Not a session, or one of another version: not ours to end.
            return false;
        }
    }

    private static void deleteAbandoned(Path file) throws IOException {
        try {
            if (time(file) < System.currentTimeMillis() - ABANDONED_MILLIS) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            // Renamed, or cleared away by another worker, just now.
            return;
        }
    }
}
