package io.jcorn.worker.app;

import com.sun.net.httpserver.HttpHandler;
import io.jcorn.wire.Message.BootFailed.Cause;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * Finds the handler of an application and makes an instance of it.
 *
 * <p>The handler is the class that the user named; else the one in {@value #SERVICES}; else the manifest's
 * {@value #MANIFEST_ATTRIBUTE}. The application's class loader has the platform's as its parent: its libraries and the
 * server's never meet.
 */
public final class ApplicationLoader {

    /** The entry that names a provider of the service {@code HttpHandler}; see {@link java.util.ServiceLoader}. */
    public static final String SERVICES = "META-INF/services/com.sun.net.httpserver.HttpHandler";

    /** The manifest's attribute that names the handler. */
    public static final String MANIFEST_ATTRIBUTE = "Jcorn-Handler";

    private final Path archive;
    private final String displayName;
    private final Optional<String> handlerClass;
    private final List<Path> classpath;

    /**
     * A loader of one application.
     *
     * @param archive a jar or a folder of classes
     * @param displayName the archive as the user knows it
     * @param handlerClass the class that the user named, if he did
     * @param classpath further jars and folders, in order
     */
    public ApplicationLoader(Path archive, String displayName, Optional<String> handlerClass, List<Path> classpath) {
        this.archive = archive;
        this.displayName = displayName;
        this.handlerClass = handlerClass;
        this.classpath = List.copyOf(classpath);
    }

    /**
     * Loads and instantiates the application. Its code runs here for the first time, on the calling thread, whose context
     * class loader is the application's from now on.
     *
     * @throws LoadFailure if it cannot be found or does not start
     */
    public Application load() throws LoadFailure {
        // Without a name: it would stand before every frame of the application's stack traces.
        URLClassLoader loader = new URLClassLoader(urls(), ClassLoader.getPlatformClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        String name = handlerClass.isPresent() ? handlerClass.get() : discover(loader);
        return new Application(instantiate(handlerType(loader, name)), loader);
    }

    private URL[] urls() throws LoadFailure {
        List<URL> urls = new ArrayList<>();
        urls.add(url(archive, displayName, "application"));
        for (Path entry : classpath) {
            urls.add(url(entry, entry.toString(), "class path entry"));
        }
        return urls.toArray(new URL[0]);
    }

    private static URL url(Path path, String shown, String role) throws LoadFailure {
        if (!Files.exists(path)) {
            throw unloadable("The " + role + " " + shown + " does not exist");
        }
        if (!Files.isReadable(path)) {
            throw unloadable("The " + role + " " + shown + " cannot be read: permission denied");
        }
        if (!Files.isDirectory(path)) {
            try (JarFile jar = new JarFile(path.toFile())) {
                // A missing manifest is no mistake; opening it is the check.
                jar.size();
            } catch (IOException e) {
                throw unloadable(
                        "The " + role + " " + shown + " is neither a jar nor a folder of classes: " + e.getMessage());
            }
        }
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw unloadable("The " + role + " " + shown + " has no URL: " + e.getMessage());
        }
    }

    private String discover(URLClassLoader loader) throws LoadFailure {
        Set<String> providers = providers(loader);
        if (providers.size() > 1) {
            throw unloadable(
                    displayName + " has several handlers: " + String.join(", ", providers) + ". Name the one to serve: "
                            + displayName + ":" + providers.iterator().next());
        }
        if (!providers.isEmpty()) {
            return providers.iterator().next();
        }
        String named = manifestHandler();
        if (named != null) {
            return named;
        }
        throw unloadable(displayName + " names no HttpHandler. Looked for: a class given as " + displayName
                + ":com.example.Handler (none was), the entry " + SERVICES + " (not there or empty), the manifest's "
                + MANIFEST_ATTRIBUTE + " (not set). Provide one of them");
    }

    private Set<String> providers(URLClassLoader loader) throws LoadFailure {
        Set<String> names = new LinkedHashSet<>();
        try {
            // findResources: the parent's providers are not the application's.
            for (URL url : java.util.Collections.list(loader.findResources(SERVICES))) {
                try (InputStream in = url.openStream();
                        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                    lines.lines()
                            .map(line -> line.replaceFirst("#.*", "").trim())
                            .filter(line -> !line.isEmpty())
                            .forEach(names::add);
                }
            }
        } catch (IOException e) {
            throw unloadable(SERVICES + " of " + displayName + " cannot be read: " + e.getMessage());
        }
        return names;
    }

    private @Nullable String manifestHandler() throws LoadFailure {
        try {
            Manifest manifest;
            if (Files.isDirectory(archive)) {
                Path file = archive.resolve(JarFile.MANIFEST_NAME);
                if (!Files.exists(file)) {
                    return null;
                }
                try (InputStream in = Files.newInputStream(file)) {
                    manifest = new Manifest(in);
                }
            } else {
                try (JarFile jar = new JarFile(archive.toFile())) {
                    manifest = jar.getManifest();
                }
            }
            String value =
                    manifest == null ? null : manifest.getMainAttributes().getValue(MANIFEST_ATTRIBUTE);
            return value == null || value.isBlank() ? null : value.trim();
        } catch (IOException e) {
            throw unloadable("The manifest of " + displayName + " cannot be read: " + e.getMessage());
        }
    }

    private Class<? extends HttpHandler> handlerType(ClassLoader loader, String name) throws LoadFailure {
        Class<?> type;
        try {
            type = Class.forName(name, false, loader);
        } catch (ClassNotFoundException e) {
            throw unloadable("The class " + name + " is not in " + displayName + where());
        } catch (UnsupportedClassVersionError e) {
            throw unloadable("The class " + name + " of " + displayName + " is compiled for a newer Java than "
                    + Runtime.version().feature() + ", which this worker runs (" + e.getMessage()
                    + "). Give --java-home a Java that is new enough");
        } catch (LinkageError e) {
            throw unloadable("The class " + name + " of " + displayName + " cannot be loaded: " + e);
        }
        if (!HttpHandler.class.isAssignableFrom(type)) {
            throw unloadable(
                    "The class " + name + " of " + displayName + " does not implement " + HttpHandler.class.getName());
        }
        if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
            throw unloadable(
                    "The class " + name + " of " + displayName + " is abstract: name one that can be instantiated");
        }
        return type.asSubclass(HttpHandler.class);
    }

    private String where() {
        return classpath.isEmpty() ? "" : " nor in " + classpath;
    }

    private HttpHandler instantiate(Class<? extends HttpHandler> type) throws LoadFailure {
        try {
            Constructor<? extends HttpHandler> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (NoSuchMethodException e) {
            throw unloadable("The class " + type.getName() + " of " + displayName
                    + " has no constructor without parameters, which is how it is instantiated");
        } catch (InvocationTargetException e) {
            throw failedToStart(e.getCause() == null ? e : e.getCause());
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw unloadable("The class " + type.getName() + " of " + displayName + " cannot be instantiated: " + e);
        } catch (Error e) {
            // A static initialiser that threw, or a class that the application needs and has not.
            throw failedToStart(e);
        }
    }

    /** A class or library that is not there, or is of another version, is a matter of loading wherever it shows. */
    private static LoadFailure failedToStart(Throwable thrown) {
        boolean unloadable = thrown instanceof LinkageError && !(thrown instanceof ExceptionInInitializerError);
        return new LoadFailure(unloadable ? Cause.LOAD : Cause.BOOT, Traces.ofApplication(thrown));
    }

    private static LoadFailure unloadable(String reason) {
        return new LoadFailure(Cause.LOAD, reason);
    }
}
