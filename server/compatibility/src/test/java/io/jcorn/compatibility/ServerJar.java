package io.jcorn.compatibility;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** The jar of a row: our few lines, compiled against its libraries, which the manifest names. */
final class ServerJar {

    private ServerJar() {}

    /**
     * Compiles a row's source and packs it.
     *
     * @return the jar, beside its libraries
     * @throws IOException if it does not compile against these versions
     */
    static Path of(ServerRow row, Path sources, Path libraries) throws IOException {
        Path folder = libraries.resolveSibling("");
        Path classes = folder.resolve("classes");
        List<Path> jars = jars(libraries);
        compile(
                List.of(source(row, row.source(), sources, folder), source(row, "Answers", sources, folder)),
                jars,
                classes);
        Path jar = folder.resolve("app.jar");
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, row.source());
        attributes.put(
                Attributes.Name.CLASS_PATH,
                jars.stream().map(Path::toUri).map(Object::toString).collect(Collectors.joining(" ")));
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
        return jar;
    }

    private static List<Path> jars(Path libraries) throws IOException {
        if (!Files.isDirectory(libraries)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(libraries)) {
            return files.sorted().toList();
        }
    }

    private static Path source(ServerRow row, String name, Path sources, Path folder) throws IOException {
        String text = Files.readString(sources.resolve(name + ".java"));
        for (Map.Entry<String, String> rename : row.renames().entrySet()) {
            text = text.replace(rename.getKey() + ".", rename.getValue() + ".");
        }
        return Files.writeString(Files.createDirectories(folder.resolve("src")).resolve(name + ".java"), text);
    }

    private static void compile(List<Path> sources, List<Path> jars, Path classes) throws IOException {
        Files.createDirectories(classes);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options =
                new ArrayList<>(List.of("-nowarn", "-parameters", "--release", "17", "-d", classes.toString()));
        if (!jars.isEmpty()) {
            options.add("-cp");
            options.add(jars.stream().map(Path::toString).collect(Collectors.joining(":")));
        }
        StringWriter said = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            boolean compiled = compiler.getTask(
                            said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            if (!compiled) {
                throw new IOException("does not compile: " + said);
            }
        }
    }
}
