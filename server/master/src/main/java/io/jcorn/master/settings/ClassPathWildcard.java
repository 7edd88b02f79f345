package io.jcorn.master.settings;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code lib/*} in a class path: all jars of a folder, as in {@code java -cp}. The launcher of Java leaves their order open; here it
 * is that of their names, so that all workers have the same.
 */
public final class ClassPathWildcard {

    private ClassPathWildcard() {}

    /** Whether an entry stands for the jars of a folder. */
    static boolean is(Path entry) {
        return entry.endsWith("*");
    }

    /** Returns the folder whose jars an entry stands for. */
    static Path folder(Path entry) {
        return entry.resolveSibling("").toAbsolutePath().normalize();
    }

    /**
     * Puts jars in the place of wildcards.
     *
     * @throws IOException if a folder cannot be read
     */
    public static List<Path> expand(List<Path> classpath) throws IOException {
        List<Path> all = new ArrayList<>();
        for (Path entry : classpath) {
            if (is(entry)) {
                all.addAll(jars(folder(entry)));
            } else {
                all.add(entry);
            }
        }
        return all;
    }

    /** Returns the jars of a folder, those with the ending in capitals among them, and none of the folders in it. */
    static List<Path> jars(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{jar,JAR}")) {
            List<Path> jars = new ArrayList<>();
            files.forEach(jars::add);
            return jars.stream().filter(Files::isRegularFile).sorted().toList();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }
}
