package io.jcorn.servlet.deploy;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * The standard tags of pages. Jetty would find them by itself in an archive that it is told to look through, but would then look at
 * each of the 1,700 classes in there for annotations too: a third of the time that a small application takes to start.
 */
public final class TagLibraries {

    /** One of the descriptors, by which the archive is found. */
    private static final String CORE = "META-INF/c.tld";

    private TagLibraries() {}

    /** Returns the descriptors of the standard tags that this class loader sees. The list may be added to. */
    public static List<URL> of(ClassLoader environment) {
        List<URL> descriptors = new ArrayList<>();
        URL core = environment.getResource(CORE);
        if (core == null) {
            return descriptors;
        }
        try {
            JarFile archive = ((JarURLConnection) core.openConnection()).getJarFile();
            for (JarEntry entry : archive.stream().toList()) {
                if (entry.getName().startsWith("META-INF/") && entry.getName().endsWith(".tld")) {
                    descriptors.add(new URL(core, "/" + entry.getName()));
                }
            }
            return descriptors;
        } catch (IOException e) {
            throw new IllegalStateException(
                    "This installation of jcorn is not whole: the tags of pages cannot be read", e);
        }
    }
}
