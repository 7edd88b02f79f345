package io.jcorn.servlet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** Writes applications of the tests: as a WAR, exploded, or as a jar. */
final class TestArchive {

    private final String classes;
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    private TestArchive(String classes) {
        this.classes = classes;
    }

    /** A web application: classes go to WEB-INF/classes. */
    static TestArchive war(Class<?>... types) throws IOException {
        return new TestArchive("WEB-INF/classes/").add(types);
    }

    /** An archive of classes. */
    static TestArchive jar(Class<?>... types) throws IOException {
        return new TestArchive("").add(types);
    }

    TestArchive add(Class<?>... types) throws IOException {
        for (Class<?> type : types) {
            String name = type.getName().replace('.', '/') + ".class";
            try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
                if (in == null) {
                    throw new IOException("the tests were not compiled");
                }
                entries.put(classes + name, in.readAllBytes());
            }
        }
        return this;
    }

    TestArchive file(String name, String content) {
        entries.put(name, content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    TestArchive file(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    /** Writes it as one file. */
    Path write(Path file) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new JarEntry(entry.getKey()));
                out.write(entry.getValue());
                out.closeEntry();
            }
        }
        return file;
    }

    /** Writes it as a folder. */
    Path explode(Path folder) throws IOException {
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            Path file = folder.resolve(entry.getKey());
            Files.createDirectories(file.resolveSibling("."));
            Files.write(file, entry.getValue());
        }
        return folder;
    }
}
