package io.jcorn.master.settings;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Whether an application could be loaded, told without loading it. */
public final class ApplicationCheck {

    private ApplicationCheck() {}

    /**
     * Looks for what keeps a worker from loading the application: an archive that cannot be read, no handler, a handler
     * whose class is nowhere.
     *
     * @param application what is to be served
     * @param classpath further archives and folders
     * @return one sentence or more for the user; empty: nothing is wrong
     */
    public static Optional<String> problem(Application application, List<Path> classpath) {
        Optional<String> unreadable = readable(application.path());
        if (unreadable.isPresent()) {
            return unreadable;
        }
        try {
            return handlerProblem(application, classpath);
        } catch (IOException e) {
            return Optional.of(application.path() + " cannot be read: " + e.getMessage());
        }
    }

    /** Returns the class that would be served, as the command line or the archive names it; empty: neither does. */
    public static Optional<String> handler(Application application) {
        if (application.handlerClass().isPresent()) {
            return application.handlerClass();
        }
        try {
            return Classes.of(application.path()).handlers().stream().findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> handlerProblem(Application application, List<Path> classpath) throws IOException {
        Path path = application.path();
        Classes own = Classes.of(path);
        Collection<String> handlers = application.handlerClass().map(List::of).orElseGet(own::handlers);
        if (handlers.isEmpty()) {
            return Optional.of(path + " names no handler: it has neither META-INF/services/" + Classes.SERVICE
                    + " nor Jcorn-Handler in its manifest. Name the class: jcorn " + path.getFileName()
                    + ":com.example.Handler");
        }
        List<Classes> all = new ArrayList<>(List.of(own));
        for (Path entry : classpath) {
            all.add(Classes.of(entry));
        }
        for (Path entry : own.manifestClassPath(path)) {
            if (Files.exists(entry)) {
                all.add(Classes.of(entry));
            }
        }
        for (String handler : handlers) {
            if (all.stream().noneMatch(classes -> classes.names().contains(handler))) {
                return Optional.of(path + " has no class " + handler + similar(handler, own.names()));
            }
        }
        return Optional.empty();
    }

    private static String similar(String handler, Collection<String> names) {
        String simple = handler.substring(Math.max(handler.lastIndexOf('.'), handler.lastIndexOf('$')) + 1);
        return names.stream()
                .filter(name -> name.endsWith("." + simple) || name.endsWith("$" + simple) || name.equals(simple))
                .findFirst()
                .or(() -> Nearest.of(handler, names))
                .map(name -> "; did you mean " + name + "?")
                .orElse("");
    }

    /** Returns what is wrong with the archive or folder itself; empty: it can be read. */
    static Optional<String> readable(Path path) {
        if (!Files.exists(path)) {
            String colon = path.toString().contains(":")
                    ? ". After a colon stands the name of a class, with dots: app.jar:com.example.Handler"
                    : "";
            return Optional.of(path + ": there is no such file" + Siblings.suggestion(path) + colon);
        }
        if (!Files.isReadable(path)) {
            return Optional.of(path + " cannot be read: permission denied for user " + System.getProperty("user.name"));
        }
        try {
            return Files.isDirectory(path) ? folder(path) : archive(path);
        } catch (IOException e) {
            return Optional.of(path + " cannot be read: " + e.getMessage());
        }
    }

    private static Optional<String> folder(Path path) throws IOException {
        if (Classes.anyIn(path)) {
            return Optional.empty();
        }
        String[] names = path.toFile().list((folder, name) -> name.endsWith(".jar") || name.endsWith(".war"));
        Optional<Path> archive = Stream.of(names == null ? new String[0] : names)
                .sorted()
                .findFirst()
                .map(path::resolve);
        return Optional.of(path + " is a folder without classes"
                + archive.map(found -> ". It holds " + found.getFileName() + ": did you mean " + found + "?")
                        .orElse(""));
    }

    private static Optional<String> archive(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            return Optional.of(path + " is neither a file nor a folder");
        }
        if (Files.size(path) == 0) {
            return Optional.of(path + " is empty. Was it being built or copied just now?");
        }
        // Not by the first bytes alone: a jar that is executable as a shell script begins with #!.
        try (ZipFile zip = new ZipFile(path.toFile())) {
            return zip.size() > 0 ? Optional.empty() : Optional.of(path + " is an archive without entries");
        } catch (ZipException e) {
            return Optional.of(
                    startsAsArchive(path)
                            ? path + " is a damaged archive (" + e.getMessage()
                                    + "). Was it being built or copied just now?"
                            : path + " is not a jar: it is no zip archive at all (" + e.getMessage() + ")");
        }
    }

    private static boolean startsAsArchive(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] start = in.readNBytes(2);
            return start.length == 2 && start[0] == 'P' && start[1] == 'K';
        }
    }
}
