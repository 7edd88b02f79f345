package io.jcorn.master.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What classes an archive holds that says nothing about itself. All are read, so this is for when nothing else helped.
 *
 * @param classes how many there are
 * @param servlets those annotated as Jakarta servlets, filters or listeners
 * @param handlers those that implement the JDK's handler and can be made
 * @param mains those that have a main method
 * @param feature the oldest Java that can run those that were read; 0: there are none
 */
record Candidates(int classes, List<String> servlets, List<String> handlers, List<String> mains, int feature) {

    private static final String ANNOTATIONS = "jakarta.servlet.annotation.";
    private static final Set<String> OF_SERVLETS =
            Set.of(ANNOTATIONS + "WebServlet", ANNOTATIONS + "WebFilter", ANNOTATIONS + "WebListener");

    /** A jar of more classes is a library, or has all libraries in it. */
    private static final int MOST_CLASSES = 2_000;

    static Candidates of(Archive archive) throws IOException {
        List<String> servlets = new ArrayList<>();
        List<String> handlers = new ArrayList<>();
        List<String> mains = new ArrayList<>();
        int feature = 0;
        Set<String> names = archive.classNames("");
        int left = MOST_CLASSES;
        for (String name : names) {
            ClassFile found = left-- > 0 ? archive.classNamed(name).orElse(null) : null;
            if (found == null) {
                continue;
            }
            feature = Math.max(feature, found.feature());
            if (found.annotations().stream().anyMatch(OF_SERVLETS::contains)) {
                servlets.add(name);
            }
            if (found.makeable() && archive.isHandler(name)) {
                handlers.add(name);
            }
            if (found.main()) {
                mains.add(name);
            }
        }
        return new Candidates(names.size(), servlets, handlers, mains, feature);
    }

    /** Returns how an annotated class is annotated, as in a source: {@code @WebServlet}. */
    static String annotation(ClassFile found) {
        return found.annotations().stream()
                .filter(OF_SERVLETS::contains)
                .map(name -> "@" + name.substring(ANNOTATIONS.length()))
                .findFirst()
                .orElse("");
    }

    /** Returns the first few names of a list, for a sentence. */
    static String some(List<String> names) {
        int shown = Math.min(3, names.size());
        return String.join(", ", names.subList(0, shown)) + (names.size() > shown ? ", …" : "");
    }
}
