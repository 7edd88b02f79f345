package io.jcorn.servlet.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Tells what classes refer to, by looking for names among their bytes: a name that a class uses stands in its constant pool in clear
 * text.
 */
final class ClassScan {

    /** What may be found. */
    enum Finding {
        /** A type of javax.servlet is used. */
        JAVAX("javax/servlet/"),
        /** A type of jakarta.servlet is used. */
        JAKARTA("jakarta/servlet/"),
        /** A class is annotated with {@code WebServlet}, {@code WebFilter} or {@code WebListener}. */
        ANNOTATED("Ljakarta/servlet/annotation/Web"),
        /** A class is annotated as WebSocket endpoint. */
        ENDPOINT("Ljakarta/websocket/server/ServerEndpoint;");

        private final String name;

        Finding(String name) {
            this.name = name;
        }
    }

    private final Set<Finding> found = EnumSet.noneOf(Finding.class);

    Set<Finding> found() {
        return found;
    }

    /** Looks at all classes of a folder or archive. */
    ClassScan add(Path place) throws IOException {
        if (Files.isDirectory(place)) {
            addFolder(place);
        } else {
            addArchive(place);
        }
        return this;
    }

    private void addFolder(Path folder) throws IOException {
        List<Path> classes;
        try (Stream<Path> files = Files.walk(folder)) {
            classes = files.filter(file -> file.toString().endsWith(".class")).toList();
        }
        for (Path file : classes) {
            look(Files.readAllBytes(file));
        }
    }

    private void addArchive(Path archive) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements() && found.size() < Finding.values().length) {
                ZipEntry entry = entries.nextElement();
                if (entry.getName().endsWith(".class")) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        look(in.readAllBytes());
                    }
                }
            }
        }
    }

    private void look(byte[] content) {
        // Latin 1: every byte is a character, and the names are of one byte each.
        String text = new String(content, StandardCharsets.ISO_8859_1);
        for (Finding finding : Finding.values()) {
            if (!found.contains(finding) && text.contains(finding.name)) {
                found.add(finding);
            }
        }
    }
}
