package io.jcorn.master.archive;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The facts about WEB-INF, for an archive that has it. */
final class WebArchive {

    static final String WEB_INF = "WEB-INF/";

    private static final String CLASSES = WEB_INF + "classes/";
    private static final String DESCRIPTOR = WEB_INF + "web.xml";

    /** The newest class decides which Java is needed; a project is compiled as a whole, so some of them suffice. */
    private static final int MOST_CLASSES = 500;

    private static final Pattern ROOT = Pattern.compile("<(?:\\w+:)?web-app\\b([^>]*)>");
    private static final Pattern VERSION = Pattern.compile("\\bversion\\s*=\\s*[\"']([0-9]+)(\\.[0-9]+)?[\"']");
    private static final Pattern OLD_NAMESPACE = Pattern.compile("java\\.sun\\.com/|xmlns\\.jcp\\.org/");
    private static final Pattern OLD_LIBRARY = Pattern.compile(WEB_INF + "lib/(spring-web(?:mvc)?-[1-5]\\..*\\.jar)");

    private final Archive archive;
    private final Set<String> names;
    private final Set<String> references = new TreeSet<>();
    private int feature;

    private WebArchive(Archive archive, Set<String> names) {
        this.archive = archive;
        this.names = names;
    }

    /** Looks at it; empty: it has no WEB-INF. */
    static Optional<WebArchive> look(Archive archive) throws IOException {
        Set<String> names = archive.names();
        if (names.stream().noneMatch(name -> name.startsWith(WEB_INF))) {
            return Optional.empty();
        }
        WebArchive web = new WebArchive(archive, names);
        web.readClasses();
        return Optional.of(web);
    }

    private void readClasses() throws IOException {
        int left = MOST_CLASSES;
        for (String name : names) {
            if (name.startsWith(CLASSES) && name.endsWith(".class") && left-- > 0) {
                archive.classIn(name).ifPresent(this::note);
            }
        }
    }

    private void note(ClassFile found) {
        feature = Math.max(feature, found.feature());
        references.add(found.parent());
        references.addAll(found.interfaces());
        references.addAll(found.annotations());
    }

    /** The oldest Java that can run its classes; 0: it has none. */
    int feature() {
        return feature;
    }

    /** Whether there is anything in it that a container could serve. */
    boolean servable() {
        return names.stream()
                .anyMatch(name -> name.startsWith(CLASSES)
                        || name.startsWith(WEB_INF + "lib/")
                        || name.equals(DESCRIPTOR)
                        || name.endsWith(".jsp")
                        || name.endsWith(".jspx")
                        || name.endsWith(".html"));
    }

    /** Returns what shows that it is made for javax.servlet, before Jakarta EE 9 renamed the package; empty: nothing does. */
    Optional<String> javaxSign() throws IOException {
        if (references.stream().anyMatch(name -> name.startsWith("jakarta.servlet."))) {
            return Optional.empty();
        }
        Optional<String> descriptor = oldDescriptor();
        if (descriptor.isPresent()) {
            return descriptor;
        }
        for (String reference : references) {
            if (reference.startsWith("javax.servlet.")) {
                return Optional.of("a class of it uses " + reference);
            }
        }
        return names.stream()
                .map(OLD_LIBRARY::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .map(library -> "it brings " + library.group(1));
    }

    private Optional<String> oldDescriptor() throws IOException {
        Optional<byte[]> bytes = archive.read(DESCRIPTOR);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        String text = new String(bytes.get(), StandardCharsets.UTF_8).replaceAll("(?s)<!--.*?-->", "");
        Matcher root = ROOT.matcher(text);
        boolean found = root.find();
        String attributes = found ? root.group(1) : "";
        Matcher version = VERSION.matcher(attributes);
        if (version.find()) {
            String number = version.group(1) + (version.group(2) == null ? "" : version.group(2));
            // Servlet 5 is the first one of Jakarta; a namespace that is left over from before does no harm.
            return Integer.parseInt(version.group(1)) < 5
                    ? Optional.of(DESCRIPTOR + " says version " + number)
                    : Optional.empty();
        }
        String head = text.substring(0, found ? root.end() : text.length());
        return OLD_NAMESPACE.matcher(head).find()
                ? Optional.of(DESCRIPTOR + " has the namespace of Java EE")
                : Optional.empty();
    }
}
