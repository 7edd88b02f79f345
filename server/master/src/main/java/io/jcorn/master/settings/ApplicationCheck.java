package io.jcorn.master.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Whether an application can be read at all, whatever it is. */
final class ApplicationCheck {

    private ApplicationCheck() {}

    /**
     * Returns what is wrong with the archive or folder itself; empty: it can be read.
     *
     * @param modules whether it is a module path: a folder of jars is one
     */
    static Optional<String> readable(Path path, boolean modules) {
        if (!Files.exists(path)) {
            String colon = path.toString().contains(":")
                    ? ". After a colon stands the name of a class, with dots: app.jar:com.example.Handler"
                    : "";
            return Optional.of(path + ": there is no such file" + Siblings.suggestion(path) + colon);
        }
        if (!Files.isReadable(path)) {
            return Optional.of(path + " cannot be read: permission denied for user " + System.getProperty("user.name"));
        }
        try {
            return Files.isDirectory(path) ? folder(path, modules) : archive(path);
        } catch (IOException e) {
            return Optional.of(path + " cannot be read: " + e.getMessage());
        }
    }

    private static Optional<String> folder(Path path, boolean modules) throws IOException {
        if (holdsSomething(path)) {
            return Optional.empty();
        }
        String[] names = path.toFile().list((folder, name) -> name.endsWith(".jar") || name.endsWith(".war"));
        Optional<Path> archive = Stream.of(names == null ? new String[0] : names)
                .sorted()
                .findFirst()
                .map(path::resolve);
        if (modules && archive.isPresent()) {
            return Optional.empty();
        }
        return Optional.of(path + " is a folder without classes"
                + archive.map(found -> ". It holds " + found.getFileName() + ": did you mean " + found + "?")
                        .orElse(""));
    }

    /** Returns whether a folder holds a class or is an exploded WAR, as soon as that is seen. */
    private static boolean holdsSomething(Path path) throws IOException {
        if (Files.isDirectory(path.resolve("WEB-INF"))) {
            return true;
        }
        AtomicBoolean found = new AtomicBoolean();
        FolderFiles.each(path, file -> {
            found.compareAndSet(false, file.endsWith(".class") && !file.startsWith("META-INF/"));
            return !found.get();
        });
        return found.get();
    }

    private static Optional<String> archive(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            return Optional.of(path + " is neither a file nor a folder");
        }
        if (Files.size(path) == 0) {
            return Optional.of(path + " is empty. Was it being built or copied just now?");
        }
        // Not by the first bytes alone: a jar that is executable as a shell script begins with #!.
        try (ZipFile zip = new ZipFile(path.toFile())) {
            return zip.size() > 0 ? Optional.empty() : Optional.of(path + " is an archive without entries");
        } catch (ZipException e) {
            return Optional.of(
                    startsAsArchive(path)
                            ? path + " is a damaged archive (" + e.getMessage()
                                    + "). Was it being built or copied just now?"
                            : path + " is not a jar: it is no zip archive at all (" + e.getMessage() + ")");
        }
    }

    private static boolean startsAsArchive(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] start = in.readNBytes(2);
            return start.length == 2 && start[0] == 'P' && start[1] == 'K';
        }
    }
}
