package io.jcorn.servlet.archive;

import io.jcorn.servlet.archive.ClassScan.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * Finds out what an application is.
 *
 * <pre>
 *   folder with WEB-INF          an exploded WAR, served where it is
 *   folder without               classes
 *   *.war, archive with WEB-INF  a WAR, unpacked
 *   other archive                a jar of classes
 * </pre>
 */
public final class ApplicationReader {

    private static final String WEB_INF = "WEB-INF";
    private static final String INITIALIZERS = "META-INF/services/jakarta.servlet.ServletContainerInitializer";
    private static final String FRAGMENT = "META-INF/web-fragment.xml";

    private final Path application;
    private final String displayName;
    private final List<Path> classpath;
    private final Path temp;

    /**
     * A reader of one application.
     *
     * @param application a WAR, an exploded one, a jar or a folder of classes
     * @param displayName the application as the user named it
     * @param classpath further archives and folders of the application, in order
     * @param temp a folder that is there for as long as this worker
     */
    public ApplicationReader(Path application, String displayName, List<Path> classpath, Path temp) {
        this.application = application;
        this.displayName = displayName;
        this.classpath = List.copyOf(classpath);
        this.temp = temp;
    }

    /**
     * Reads it.
     *
     * @throws LoadFailure if it cannot be read, is of no kind that can be served, or is for javax.servlet
     */
    public WebApplication read() throws LoadFailure {
        readable(application, "application", displayName);
        for (Path entry : classpath) {
            readable(entry, "class path entry", entry.toString());
            if (!Files.isDirectory(entry)) {
                archive(entry, "class path entry", entry.toString());
            }
        }
        try {
            return isWar() ? war() : classes();
        } catch (IOException e) {
            throw new LoadFailure(displayName + " cannot be read: " + e);
        }
    }

    private static void readable(Path path, String role, String shown) throws LoadFailure {
        if (!Files.exists(path)) {
            throw new LoadFailure("The " + role + " " + shown + " does not exist");
        }
        if (!Files.isReadable(path)) {
            throw new LoadFailure("The " + role + " " + shown + " cannot be read: permission denied");
        }
    }

    private static void archive(Path path, String role, String shown) throws LoadFailure {
        try (ZipFile zip = new ZipFile(path.toFile())) {
            // To open it is the check.
            zip.size();
        } catch (IOException e) {
            throw new LoadFailure(
                    "The " + role + " " + shown + " is neither an archive nor a folder: " + e.getMessage());
        }
    }

    private boolean isWar() throws LoadFailure, IOException {
        if (Files.isDirectory(application)) {
            return Files.isDirectory(application.resolve(WEB_INF));
        }
        archive(application, "application", displayName);
        try (ZipFile zip = new ZipFile(application.toFile())) {
            return displayName.toLowerCase(Locale.ROOT).endsWith(".war")
                    || application.toString().toLowerCase(Locale.ROOT).endsWith(".war")
                    || zip.getEntry(WEB_INF + "/") != null
                    || zip.getEntry(WEB_INF + "/web.xml") != null;
        }
    }

    private WebApplication war() throws LoadFailure, IOException {
        Path base = application;
        if (!Files.isDirectory(application)) {
            base = temp.resolve("war");
            Unpacked.unpack(application, base, displayName);
        }
        Path descriptor = base.resolve(WEB_INF).resolve("web.xml");
        WebXml head = Files.exists(descriptor) ? WebXml.read(descriptor, displayName) : null;
        boolean old = head != null && !head.jakarta();
        ClassScan scan = new ClassScan();
        Path own = base.resolve(WEB_INF).resolve("classes");
        if (Files.isDirectory(own)) {
            scan.add(own);
        }
        if (old && !scan.found().contains(Finding.JAKARTA)) {
            // Its descriptor is of Java EE; whether the application is too, its libraries know.
            addLibraries(scan, base.resolve(WEB_INF).resolve("lib"));
        }
        refuseJavax(scan.found());
        return new WebApplication(base, classpath, head == null ? Edition.EE11 : head.edition());
    }

    private static void addLibraries(ClassScan scan, Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        List<Path> libraries;
        try (Stream<Path> files = Files.list(folder)) {
            libraries = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
        for (Path library : libraries) {
            if (scan.found().contains(Finding.JAKARTA)) {
                return;
            }
            scan.add(library);
        }
    }

    private WebApplication classes() throws LoadFailure, IOException {
        Set<Finding> found = new ClassScan().add(application).found();
        refuseJavax(found);
        List<Path> all = new ArrayList<>();
        all.add(application);
        all.addAll(classpath);
        if (!found.contains(Finding.ANNOTATED) && !found.contains(Finding.ENDPOINT) && !initialized(all)) {
            throw new LoadFailure(displayName
                    + " is no web application. Looked for: a folder WEB-INF, classes annotated with"
                    + " @WebServlet, @WebFilter, @WebListener or @ServerEndpoint, the entries " + INITIALIZERS + " and "
                    + FRAGMENT + " (none was there)");
        }
        return new WebApplication(Files.createDirectories(temp.resolve("empty")), all, Edition.EE11);
    }

    private static boolean initialized(List<Path> all) throws IOException {
        for (Path place : all) {
            if (has(place, INITIALIZERS) || has(place, FRAGMENT)) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(Path place, String entry) throws IOException {
        if (Files.isDirectory(place)) {
            return Files.exists(place.resolve(entry));
        }
        try (ZipFile zip = new ZipFile(place.toFile())) {
            return zip.getEntry(entry) != null;
        }
    }

    private void refuseJavax(Set<Finding> found) throws LoadFailure {
        if (found.contains(Finding.JAVAX) && !found.contains(Finding.JAKARTA)) {
            throw new LoadFailure(
                    displayName + " is an application for javax.servlet (Java EE, Servlet 4.0 and older), but jcorn"
                            + " serves jakarta.servlet (Jakarta Servlet 5.0 to 6.1). Move it: use the jakarta releases of its libraries and"
                            + " rename javax.servlet to jakarta.servlet in its sources, or convert the archive as it is with the Apache"
                            + " Tomcat Migration Tool for Jakarta EE");
        }
    }
}
