package io.jcorn.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jcorn.it.LoadClient.Question;
import io.jcorn.it.app.Versioned;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;

/** A jar of {@link Versioned} that says which version it is. */
final class VersionedJar {

    private VersionedJar() {}

    /** What a version must answer, and no other. */
    static Question question(String versions) {
        return new Question("/", Pattern.compile("version=" + versions + " pid=[0-9]+ generation=[0-9]+\n"));
    }

    /** Writes the jar over whatever is there, in place, as {@code cp} does: the worst way to replace a jar that is in use. */
    static Path write(Path jar, int version) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            entry(out, Versioned.class.getName().replace('.', '/') + ".class", bytes());
            entry(
                    out,
                    "META-INF/services/com.sun.net.httpserver.HttpHandler",
                    Versioned.class.getName().getBytes(UTF_8));
            entry(out, "version.txt", Integer.toString(version).getBytes(UTF_8));
        }
        return jar;
    }

    private static void entry(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        ((OutputStream) out).write(content);
        out.closeEntry();
    }

    private static byte[] bytes() throws IOException {
        try (InputStream in = Versioned.class.getResourceAsStream("Versioned.class")) {
            if (in == null) {
                throw new IOException("the tests were not compiled");
            }
            return in.readAllBytes();
        }
    }
}
