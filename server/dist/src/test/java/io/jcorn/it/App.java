package io.jcorn.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** An application that its test writes: sources, compiled and packed in the test's folder. */
final class App {

    private static final Pattern NAME =
            Pattern.compile("(?:package ([a-z.]+);.*?)?public (?:final )?class (\\w+)", Pattern.DOTALL);

    private final Path sources;
    private final Path classes;
    private final List<String> files = new ArrayList<>();
    private final List<String> libraries = new ArrayList<>();
    private final List<String> modules = new ArrayList<>();
    private final Map<String, String> manifest = new TreeMap<>();
    private Optional<Path> jdk = Optional.empty();

    App(Path folder, String name) throws IOException {
        sources = Files.createDirectories(folder.resolve(name + "-sources"));
        classes = Files.createDirectories(folder.resolve(name));
    }

    /** A handler that answers every request with the value of an expression over {@code exchange}. */
    App answering(String type, String expression) throws IOException {
        return source("""
                public final class %s implements com.sun.net.httpserver.HttpHandler {
                    @Override
                    public void handle(com.sun.net.httpserver.HttpExchange exchange) throws java.io.IOException {
                        byte[] answer = String.valueOf(%s).getBytes();
                        exchange.sendResponseHeaders(200, answer.length);
                        exchange.getResponseBody().write(answer);
                        exchange.close();
                    }
                }
                """.formatted(type, expression));
    }

    /** Adds a source file with one public class. */
    App source(String text) throws IOException {
        Matcher name = NAME.matcher(text);
        assertThat(name.find()).as("a public class").isTrue();
        String path = name.group(1) == null ? "" : name.group(1).replace('.', '/') + "/";
        Path file = sources.resolve(path + name.group(2) + ".java");
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        files.add(file.toString());
        return this;
    }

    /** Makes it a module. */
    App module(String declaration) throws IOException {
        Path file = sources.resolve("module-info.java");
        Files.writeString(file, declaration);
        files.add(file.toString());
        return this;
    }

    /** Compiles with another JDK, for its own release. */
    App compiledWith(Path home) {
        jdk = Optional.of(home);
        return this;
    }

    /** Adds a library to compile against. */
    App with(Path library) {
        libraries.add(library.toString());
        return this;
    }

    /** Adds a module to compile against. */
    App onModulePath(Path module) {
        modules.add(module.toString());
        return this;
    }

    /** Adds an attribute to the manifest. */
    App manifest(String name, String value) {
        manifest.put(name, value);
        return this;
    }

    /** Adds a file that is no class. */
    App resource(String name, String text) throws IOException {
        Path file = classes.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return this;
    }

    /** Compiles, and returns the folder of classes. */
    Path folder() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-d", classes.toString(), "-Xlint:none"));
        arguments.addAll(List.of("-cp", String.join(":", libraries)));
        if (!modules.isEmpty()) {
            arguments.addAll(List.of("-p", String.join(":", modules)));
        }
        arguments.addAll(files);
        if (jdk.isPresent()) {
            arguments.add(0, jdk.get().resolve("bin/javac").toString());
            Command.output(arguments);
        } else {
            arguments.addAll(List.of("--release", "17"));
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            int status = ToolProvider.getSystemJavaCompiler().run(null, said, said, arguments.toArray(String[]::new));
            assertThat(status).as(said.toString(UTF_8)).isZero();
        }
        return classes;
    }

    /** Compiles, packs, and returns the jar. */
    Path jar() throws IOException {
        Path jar = Path.of(folder() + ".jar");
        Manifest content = new Manifest();
        content.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.forEach(content.getMainAttributes()::putValue);
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, content);
                Stream<Path> all = Files.walk(classes)) {
            for (Path entry : all.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(entry).toString()));
                Files.copy(entry, out);
            }
        }
        return jar;
    }
}
