package io.jcorn.master.archive;

import io.jcorn.master.settings.Nearest;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.ZipException;

/**
 * What is found in an application: the facts, without a judgement. Each is looked for when it is asked for, so that an
 * archive that says at once what it is is not searched.
 */
final class Archive implements Closeable {

    static final String HANDLER = "com.sun.net.httpserver.HttpHandler";

    private static final String SERVICES = "META-INF/services/";
    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final String SUFFIX = ".class";

    private final Path path;
    private final Entries own;
    private final Attributes manifest;
    private final List<Path> classpath = new ArrayList<>();
    private final List<Entries> others = new ArrayList<>();
    private boolean othersOpened;

    private Archive(Path path, Entries own, Attributes manifest, List<Path> classpath) {
        this.path = path;
        this.own = own;
        this.manifest = manifest;
        this.classpath.addAll(classpath);
        this.classpath.addAll(manifestClassPath());
    }

    /**
     * Opens an application.
     *
     * @param path an archive or a folder
     * @param classpath further archives and folders
     * @throws IOException if it cannot be read
     */
    static Archive look(Path path, List<Path> classpath) throws IOException {
        Entries own = Entries.open(path);
        try {
            Manifest manifest = new Manifest();
            manifest.read(new ByteArrayInputStream(own.read(MANIFEST).orElse(new byte[0])));
            return new Archive(path, own, manifest.getMainAttributes(), classpath);
        } catch (IOException e) {
            own.close();
            throw e;
        }
    }

    Path path() {
        return path;
    }

    /** Returns how the command line would name it from its own folder. */
    String name() {
        return String.valueOf(path.getFileName());
    }

    boolean folder() {
        return Files.isDirectory(path);
    }

    boolean has(String file) {
        return own.has(file);
    }

    Optional<byte[]> read(String file) throws IOException {
        return own.read(file);
    }

    Set<String> names() throws IOException {
        return own.names();
    }

    /** Returns an attribute of the manifest's main section; empty: it is not there, or says nothing. */
    Optional<String> attribute(String name) {
        return Optional.ofNullable(manifest.getValue(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** Returns the classes that it declares as handlers: its service file's, else its manifest's. */
    List<String> handlers() throws IOException {
        List<String> handlers = providers(HANDLER);
        return handlers.isEmpty() ? attribute("Jcorn-Handler").stream().toList() : handlers;
    }

    /** A service file as java.util.ServiceLoader describes it: a name in each line, # begins a comment. */
    List<String> providers(String service) throws IOException {
        List<String> providers = new ArrayList<>();
        new String(own.read(SERVICES + service).orElse(new byte[0]), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(name -> !name.isEmpty())
                .forEach(providers::add);
        return providers;
    }

    /** Returns whether a class is in it, on the class path, or on its manifest's Class-Path. */
    boolean hasClass(String name) throws IOException {
        String file = file(name);
        return own.has(file) || others().stream().anyMatch(entries -> entries.has(file));
    }

    /** Returns a class of it, of the class path, or of its manifest's Class-Path; empty: it is nowhere, or is none. */
    Optional<ClassFile> classNamed(String name) throws IOException {
        String file = file(name);
        Optional<byte[]> bytes = own.read(file);
        for (int i = 0; bytes.isEmpty() && i < others().size(); i++) {
            bytes = others().get(i).read(file);
        }
        return bytes.flatMap(ClassFile::read);
    }

    /** Returns the class in a file of it. */
    Optional<ClassFile> classIn(String file) throws IOException {
        return own.read(file).flatMap(ClassFile::read);
    }

    private static String file(String className) {
        return className.replace('.', '/') + SUFFIX;
    }

    /** Returns the classes below a prefix such as {@code WEB-INF/classes/}, as {@code Class.getName()} would say them. */
    Set<String> classNames(String prefix) throws IOException {
        Set<String> names = new TreeSet<>();
        for (String file : own.names()) {
            boolean outside = prefix.isEmpty()
                    && (file.startsWith("META-INF/") || file.startsWith("BOOT-INF/") || file.startsWith("WEB-INF/"));
            if (file.startsWith(prefix) && file.endsWith(SUFFIX) && !outside) {
                names.add(file.substring(prefix.length(), file.length() - SUFFIX.length())
                        .replace('/', '.'));
            }
        }
        return names;
    }

    /** Returns whether a class implements the JDK's handler, itself or through what it extends; what is missing does not. */
    boolean isHandler(String className) throws IOException {
        return isHandler(className, new HashSet<>());
    }

    private boolean isHandler(String className, Set<String> seen) throws IOException {
        if (className.equals(HANDLER)) {
            return true;
        }
        if (className.isEmpty() || className.startsWith("java.") || !seen.add(className)) {
            return false;
        }
        Optional<ClassFile> found = classNamed(className);
        if (found.isEmpty()) {
            return false;
        }
        for (String name : found.get().interfaces()) {
            if (isHandler(name, seen)) {
                return true;
            }
        }
        return isHandler(found.get().parent(), seen);
    }

    /** Returns whether a class has a main method, its own or an inherited one, as the java command looks for it. */
    boolean hasMain(String className) throws IOException {
        Set<String> seen = new HashSet<>();
        Optional<ClassFile> found = classNamed(className);
        while (found.isPresent() && !found.get().main() && seen.add(found.get().parent())) {
            found = classNamed(found.get().parent());
        }
        return found.isPresent() && found.get().main();
    }

    /** Returns {@code "; did you mean NAME?"} if there is a class of a similar name, or nothing. */
    static String similar(String className, Collection<String> names) {
        String simple = className.substring(Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1);
        return names.stream()
                .filter(name -> name.endsWith("." + simple) || name.endsWith("$" + simple) || name.equals(simple))
                .findFirst()
                .or(() -> Nearest.of(className, names))
                .map(name -> "; did you mean " + name + "?")
                .orElse("");
    }

    /** Returns the files and folders that its manifest names and that exist. */
    List<Path> manifestClassPath() {
        return attribute("Class-Path").stream()
                .flatMap(value -> Arrays.stream(value.split("\\s+", -1)))
                .flatMap(url -> beside(url).stream())
                .filter(Files::exists)
                .toList();
    }

    private Optional<Path> beside(String url) {
        try {
            URI uri = path.toUri().resolve(url);
            return "file".equals(uri.getScheme()) ? Optional.of(Path.of(uri)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            // Not a URL: the JVM leaves such an entry out too (JAR File Specification, Class-Path).
            return Optional.empty();
        }
    }

    /** Most applications need nothing of their class path to be understood. */
    private List<Entries> others() throws IOException {
        if (!othersOpened) {
            othersOpened = true;
            for (Path entry : classpath) {
                open(entry).ifPresent(others::add);
            }
        }
        return others;
    }

    /** The JVM passes over what is no archive; whoever copies the class path says it of those that the user named. */
    private static Optional<Entries> open(Path entry) throws IOException {
        try {
            return Optional.of(Entries.open(entry));
        } catch (ZipException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        own.close();
        for (Entries entries : others) {
            entries.close();
        }
    }
}
