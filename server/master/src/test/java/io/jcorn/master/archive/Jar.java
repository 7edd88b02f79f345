package io.jcorn.master.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** An archive that a test writes. */
public final class Jar {

    static final String SERVICE = "META-INF/services/com.sun.net.httpserver.HttpHandler";

    private final Map<String, byte[]> entries = new LinkedHashMap<>();
    private final StringBuilder manifest = new StringBuilder();

    /** Adds an attribute of the manifest. */
    public Jar attribute(String name, String value) {
        manifest.append(name).append(": ").append(value).append("\r\n");
        return this;
    }

    /** Adds a file. */
    public Jar file(String name, String text) {
        entries.put(name, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    Jar file(String name, byte[] bytes) {
        entries.put(name, bytes);
        return this;
    }

    /** Adds a class below a folder such as {@code WEB-INF/classes/}. */
    Jar in(String folder, String name, ClassBytes type) {
        entries.put(folder + name.replace('.', '/') + ".class", type.bytes());
        return this;
    }

    /** Adds a class. */
    public Jar type(String name, ClassBytes type) {
        return in("", name, type);
    }

    /** Adds a handler. */
    public Jar handler(String name) {
        return type(name, ClassBytes.handler(name));
    }

    /** Adds a class with a main method. */
    public Jar main(String name) {
        return type(name, ClassBytes.main(name));
    }

    /** Writes it as an archive. */
    public Path write(Path path) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
            for (Map.Entry<String, byte[]> entry : all().entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return path;
    }

    /** Writes it as a folder. */
    Path explode(Path folder) throws IOException {
        for (Map.Entry<String, byte[]> entry : all().entrySet()) {
            Path file = folder.resolve(entry.getKey());
            Files.createDirectories(java.util.Objects.requireNonNull(file.getParent()));
            Files.write(file, entry.getValue());
        }
        return folder;
    }

    private Map<String, byte[]> all() {
        Map<String, byte[]> all = new LinkedHashMap<>();
        if (manifest.length() > 0) {
            String text = "Manifest-Version: 1.0\r\n" + manifest + "\r\n";
            all.put("META-INF/MANIFEST.MF", text.getBytes(StandardCharsets.UTF_8));
        }
        all.putAll(entries);
        return all;
    }
}
