package io.jcorn.servlet.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Unpacks a WAR. Each worker has a copy of its own: nobody then has to know when the last one has gone. */
final class Unpacked {

    private Unpacked() {}

    /**
     * Unpacks an archive into a folder that does not exist yet.
     *
     * @throws LoadFailure if an entry would be written outside of the folder
     * @throws IOException if the archive or the disk fails
     */
    static void unpack(Path archive, Path folder, String displayName) throws IOException, LoadFailure {
        Files.createDirectories(folder);
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                Path target = folder.resolve(relative(entry.getName())).normalize();
                if (!target.startsWith(folder)) {
                    throw new LoadFailure(displayName + " has an entry that leads out of it: " + entry.getName());
                }
                write(zip, entry, target);
            }
        }
    }

    private static String relative(String name) {
        return name.startsWith("/") ? name.substring(1) : name;
    }

    private static void write(ZipFile zip, ZipEntry entry, Path target) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.resolveSibling("."));
        try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, target);
        }
        if (entry.getLastModifiedTime() != null) {
            // Clients are told this time; every worker has to tell the same.
            Files.setLastModifiedTime(target, entry.getLastModifiedTime());
        }
    }
}
