package io.jcorn.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jcorn.it.LoadClient.Question;
import io.jcorn.it.app.Versioned;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Jars of the tests' own applications. */
final class TestJar {

    private TestJar() {}

    /** What a version must answer, and no other. */
    static Question question(String versions) {
        return new Question("/", Pattern.compile("version=" + versions + " pid=[0-9]+ generation=[0-9]+\n"));
    }

    /** Writes a version over whatever is there, in place, as {@code cp} does: the worst way to replace a jar that is in use. */
    static Path versioned(Path jar, int version) throws IOException {
        return write(jar, Versioned.class, Integer.toString(version));
    }

    /** Writes a jar with one application of the tests. */
    static Path of(Path jar, Class<?> application) throws IOException {
        return write(jar, application, "");
    }

    /** Writes a jar with all applications of the tests, of which a main class is the one to run. */
    static Path running(Path jar, Class<?> main) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, main.getName());
        Path folder = classes(main);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                Stream<Path> classes = Files.list(folder)) {
            for (Path file : classes.filter(Files::isRegularFile).sorted().toList()) {
                entry(
                        out,
                        main.getPackageName().replace('.', '/') + "/" + file.getFileName(),
                        Files.readAllBytes(file));
            }
        }
        return jar;
    }

    /** Returns the folder where a class of the tests is. */
    private static Path classes(Class<?> type) throws IOException {
        URL file = type.getResource(type.getSimpleName() + ".class");
        if (file == null) {
            throw new IOException("the tests were not compiled");
        }
        Path folder = Path.of(URI.create(file.toString())).getParent();
        if (folder == null) {
            throw new IOException(file + " is in no folder");
        }
        return folder;
    }

    private static Path write(Path jar, Class<?> application, String version) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            String name = application.getName();
            entry(out, name.replace('.', '/') + ".class", bytes(application));
            entry(out, "META-INF/services/com.sun.net.httpserver.HttpHandler", name.getBytes(UTF_8));
            entry(out, "version.txt", version.getBytes(UTF_8));
        }
        return jar;
    }

    private static void entry(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content, 0, content.length);
        out.closeEntry();
    }

    private static byte[] bytes(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            if (in == null) {
                throw new IOException("the tests were not compiled");
            }
            return in.readAllBytes();
        }
    }
}
