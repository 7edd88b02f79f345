package io.jcorn.servlet.deploy;

import io.jcorn.servlet.archive.Edition;
import io.jcorn.servlet.archive.LoadFailure;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * Finds the environments: each is a folder of archives beside this one, loaded by a class loader of its own, so that the classes of
 * two editions never meet.
 */
public final class Environments {

    private final Path home;

    /** The environments in the folders {@code ee10} and {@code ee11} of this one. */
    public Environments(Path home) {
        this.home = home;
    }

    /** The environments beside the archive that this class is from. */
    public static Environments ofThisProgram() {
        try {
            Path archive = Path.of(Environments.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return new Environments(archive.resolveSibling(""));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Loads an environment. Its class loader is the calling thread's context class loader from then on.
     *
     * @throws LoadFailure if its archives are not there
     */
    public Environment load(Edition edition) throws LoadFailure {
        Path folder = home.resolve(edition.folder());
        // Without a name: it would stand before every frame of stack traces.
        URLClassLoader loader = new URLClassLoader(archives(folder), Environments.class.getClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        Optional<Environment> found =
                ServiceLoader.load(Environment.class, loader).findFirst();
        return found.orElseThrow(() -> incomplete(folder));
    }

    private static URL[] archives(Path folder) throws LoadFailure {
        if (!Files.isDirectory(folder)) {
            throw incomplete(folder);
        }
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new LoadFailure("The folder " + folder + " cannot be read: " + e.getMessage());
        }
        List<URL> urls = new ArrayList<>();
        for (Path file : files) {
            try {
                urls.add(file.toUri().toURL());
            } catch (MalformedURLException e) {
                throw new IllegalStateException(e);
            }
        }
        return urls.toArray(new URL[0]);
    }

    private static LoadFailure incomplete(Path folder) {
        return new LoadFailure("This installation of jcorn is not whole: " + folder
                + " does not hold what the application needs. Unpack or build it again");
    }
}
