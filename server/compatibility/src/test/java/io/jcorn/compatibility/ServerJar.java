package io.jcorn.compatibility;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** The jar of a row: our few lines, compiled against its libraries, which the manifest names. */
final class ServerJar {

    /** Some frameworks do not look into the unnamed package. */
    private static final String PACKAGE = "app";

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
                row,
                List.of(source(row, row.source(), sources, folder), source(row, "Answers", sources, folder)),
                jars,
                classes);
        Path jar = folder.resolve("app.jar");
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, PACKAGE + "." + row.source());
        attributes.put(
                Attributes.Name.CLASS_PATH,
                jars.stream().map(Path::toUri).map(Object::toString).collect(Collectors.joining(" ")));
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                Stream<Path> files = Files.walk(classes)) {
            // Folders too: some frameworks look for what is in a folder by the folder's name.
            for (Path file :
                    files.filter(file -> !file.equals(classes)).sorted().toList()) {
                String name = classes.relativize(file).toString();
                out.putNextEntry(new ZipEntry(Files.isDirectory(file) ? name + "/" : name));
                if (Files.isRegularFile(file)) {
                    Files.copy(file, out);
                }
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
        String text = "package " + PACKAGE + ";\n" + Files.readString(sources.resolve(name + ".java"));
        for (Map.Entry<String, String> rename : row.renames().entrySet()) {
            text = text.replace(rename.getKey() + ".", rename.getValue() + ".");
        }
        return Files.writeString(Files.createDirectories(folder.resolve("src")).resolve(name + ".java"), text);
    }

    private static void compile(ServerRow row, List<Path> sources, List<Path> jars, Path classes) throws IOException {
        Files.createDirectories(classes);
        Map.Entry<Integer, Path> java =
                Javas.homes().tailMap(row.leastJava()).entrySet().iterator().next();
        List<String> command = new ArrayList<>(List.of(
                java.getValue().resolve("bin/javac").toString(),
                "-nowarn",
                "-parameters",
                "--release",
                Integer.toString(row.leastJava()),
                "-d",
                classes.toString()));
        if (!jars.isEmpty()) {
            command.add("-cp");
            command.add(jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        }
        sources.forEach(source -> command.add(source.toString()));
        Path said = classes.resolveSibling("javac.log");
        Process compiler = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            if (compiler.waitFor() != 0) {
                throw new IOException("does not compile: " + Files.readString(said));
            }
        } catch (InterruptedException e) {
            compiler.destroy();
            throw new InterruptedIOException();
        }
    }
}
