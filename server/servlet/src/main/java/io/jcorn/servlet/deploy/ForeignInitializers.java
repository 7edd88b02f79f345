package io.jcorn.servlet.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.LoggerFactory;

/** Initializers of a Jetty that an application carries in its own libraries. They cannot work: this server's classes are not theirs. */
public final class ForeignInitializers {

    private static final String JETTY = "org.eclipse.jetty.";

    private ForeignInitializers() {}

    /**
     * Returns the initializers without these, and says in one line which are left out.
     *
     * @param ofApplication whether an initializer comes from the application
     */
    public static <T> List<T> without(List<T> initializers, Predicate<T> ofApplication) {
        List<T> kept = new ArrayList<>();
        List<String> left = new ArrayList<>();
        for (T initializer : initializers) {
            String name = initializer.getClass().getName();
            if (name.startsWith(JETTY) && ofApplication.test(initializer)) {
                left.add(name);
            } else {
                kept.add(initializer);
            }
        }
        if (!left.isEmpty()) {
            LoggerFactory.getLogger(ForeignInitializers.class)
                    .warn(
                            "The application carries libraries of Jetty, whose own interfaces are not supported. Left out: {}",
                            String.join(", ", left));
        }
        return kept;
    }
}
