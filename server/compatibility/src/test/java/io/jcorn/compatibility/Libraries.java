package io.jcorn.compatibility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The libraries of the rows. One Maven resolves all of them, as modules that know nothing of each other: one that does not resolve
 * takes no other with it. A BOM that does not resolve would, so rows with a BOM have a Maven each.
 */
final class Libraries {

    private static final String PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies";

    private static final String HEAD = "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">\n"
            + "<modelVersion>4.0.0</modelVersion><groupId>row</groupId>";

    private final Path root;
    private final Path folder;

    Libraries(Path root, Path folder) {
        this.root = root;
        this.folder = folder;
    }

    /** Returns the folder of a row's jars. */
    Path of(ServerRow row) {
        return folder.resolve(row.id()).resolve("lib");
    }

    /** Whether everything that a row needs is there. */
    boolean complete(ServerRow row) {
        return row.libraries().isEmpty() || Files.isRegularFile(of(row).resolveSibling("complete"));
    }

    /** Resolves what is not there yet. */
    void resolve(List<ServerRow> rows) throws IOException, InterruptedException {
        List<ServerRow> together = new ArrayList<>();
        for (ServerRow row : rows) {
            if (complete(row)) {
                continue;
            }
            Path module = Files.createDirectories(folder.resolve(row.id()));
            Files.writeString(module.resolve("pom.xml"), pom(row));
            if (row.boms().isEmpty()) {
                together.add(row);
            } else if (maven(module)) {
                Files.createFile(module.resolve("complete"));
            }
        }
        if (together.isEmpty()) {
            return;
        }
        StringBuilder modules = new StringBuilder(
                HEAD + "<artifactId>rows</artifactId><version>1</version>" + "<packaging>pom</packaging><modules>\n");
        together.forEach(row -> modules.append("<module>").append(row.id()).append("</module>\n"));
        Files.writeString(folder.resolve("pom.xml"), modules.append("</modules></project>\n"));
        maven(folder);
        List<String> said = Files.readAllLines(folder.resolve("maven.log"));
        for (ServerRow row : together) {
            if (said.stream().anyMatch(line -> line.matches("\\[INFO\\] " + row.id() + " [.1 ]*SUCCESS.*"))) {
                Files.createFile(folder.resolve(row.id()).resolve("complete"));
            }
        }
    }

    private boolean maven(Path project) throws IOException, InterruptedException {
        return new ProcessBuilder(
                                root.resolve("mvnw").toString(),
                                "-B",
                                "-ntp",
                                "-Dstyle.color=never",
                                "--fail-at-end",
                                "-f",
                                project.resolve("pom.xml").toString(),
                                PLUGIN,
                                "-DincludeScope=runtime",
                                "-DoutputDirectory=${project.basedir}/lib")
                        .directory(root.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(project.resolve("maven.log").toFile())
                        .start()
                        .waitFor()
                == 0;
    }

    private static String pom(ServerRow row) {
        StringBuilder pom = new StringBuilder(HEAD + "<artifactId>" + row.id()
                + "</artifactId><version>1</version>\n<dependencyManagement><dependencies>\n");
        for (String bom : row.boms()) {
            pom.append(dependency(bom + "::pom:import"));
        }
        pom.append("</dependencies></dependencyManagement>\n<dependencies>\n");
        for (String library : row.libraries()) {
            pom.append(dependency(library));
        }
        return pom.append("</dependencies>\n</project>\n").toString();
    }

    private static String dependency(String coordinates) {
        String[] elements = {"groupId", "artifactId", "version", "classifier", "type", "scope"};
        String[] values = coordinates.split(":", -1);
        StringBuilder xml = new StringBuilder("<dependency>");
        for (int i = 0; i < values.length; i++) {
            if (!values[i].isEmpty()) {
                xml.append('<').append(elements[i]).append('>').append(values[i]);
                xml.append("</").append(elements[i]).append('>');
            }
        }
        return xml.append("</dependency>\n").toString();
    }
}
