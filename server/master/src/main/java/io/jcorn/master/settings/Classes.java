package io.jcorn.master.settings;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * What an archive or folder holds, by the names in it.
 *
 * @param names the classes, as {@code Class.getName()} would say them
 * @param handlers the classes that it declares as handlers: its service file's, else its manifest's
 * @param classPath the manifest's Class-Path, URLs relative to the archive
 */
record Classes(Set<String> names, List<String> handlers, List<String> classPath) {

    static final String SERVICE = "com.sun.net.httpserver.HttpHandler";

    private static final String SERVICE_FILE = "META-INF/services/" + SERVICE;
    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final int DEEPEST = 64;

    /** Whoever names / by mistake shall not wait until the whole disk was read. */
    private static final int MOST_FILES = 100_000;

    /** Reads an archive or a folder. */
    static Classes of(Path path) throws IOException {
        return Files.isDirectory(path) ? ofFolder(path) : ofArchive(path);
    }

    private static Classes ofFolder(Path folder) throws IOException {
        Set<String> names = new TreeSet<>();
        walk(folder, file -> {
            add(file, names);
            return true;
        });
        return of(names, bytes(folder.resolve(SERVICE_FILE)), bytes(folder.resolve(MANIFEST)));
    }

    /** Returns whether a folder holds a class, as soon as one is seen. */
    static boolean anyIn(Path folder) throws IOException {
        Set<String> names = new TreeSet<>();
        walk(folder, file -> {
            add(file, names);
            return names.isEmpty();
        });
        return !names.isEmpty();
    }

    /** Shows the files of a folder, relative to it, until told to stop; what cannot be entered is left out. */
    private static void walk(Path folder, Predicate<String> goOn) throws IOException {
        // The folder itself may be a symbolic link, as a deployed release often is; those in it are not followed.
        Path real = folder.toRealPath();
        Files.walkFileTree(real, Set.of(), DEEPEST, new SimpleFileVisitor<>() {
            private int left = MOST_FILES;

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                boolean more = goOn.test(real.relativize(file).toString());
                return more && --left > 0 ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static byte[] bytes(Path file) throws IOException {
        return Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
    }

    private static Classes ofArchive(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            Set<String> names = new TreeSet<>();
            zip.stream().forEach(entry -> add(entry.getName(), names));
            return of(names, bytes(zip, SERVICE_FILE), bytes(zip, MANIFEST));
        }
    }

    private static byte[] bytes(ZipFile zip, String name) throws IOException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            return new byte[0];
        }
        try (InputStream in = zip.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    private static void add(String file, Set<String> names) {
        if (file.endsWith(".class") && !file.startsWith("META-INF/")) {
            names.add(file.substring(0, file.length() - ".class".length()).replace('/', '.'));
        }
    }

    private static Classes of(Set<String> names, byte[] service, byte[] manifestBytes) throws IOException {
        Manifest manifest = new Manifest();
        manifest.read(new ByteArrayInputStream(manifestBytes));
        List<String> handlers = providers(service);
        String declared = manifest.getMainAttributes().getValue("Jcorn-Handler");
        if (handlers.isEmpty() && declared != null) {
            handlers = List.of(declared.strip());
        }
        String classPath = manifest.getMainAttributes().getValue("Class-Path");
        return new Classes(
                names,
                handlers,
                classPath == null ? List.of() : List.of(classPath.strip().split("\\s+")));
    }

    /** A service file as java.util.ServiceLoader describes it: a name in each line, # begins a comment. */
    private static List<String> providers(byte[] service) {
        List<String> providers = new ArrayList<>();
        new String(service, StandardCharsets.UTF_8).lines().forEach(line -> {
            String name = line.replaceFirst("#.*", "").strip();
            if (!name.isEmpty()) {
                providers.add(name);
            }
        });
        return providers;
    }

    /** Returns the files and folders that the manifest of the archive at this path names. */
    List<Path> manifestClassPath(Path path) {
        return classPath.stream().flatMap(url -> file(path, url).stream()).toList();
    }

    private static Optional<Path> file(Path archive, String url) {
        try {
            URI uri = archive.toUri().resolve(url);
            return "file".equals(uri.getScheme()) ? Optional.of(Path.of(uri)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            // Not a URL: the JVM leaves such an entry out too (JAR File Specification, Class-Path).
            return Optional.empty();
        }
    }
}
