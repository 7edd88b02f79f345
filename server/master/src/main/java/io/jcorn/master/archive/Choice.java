package io.jcorn.master.archive;

import io.jcorn.wire.WorkerKind;
import java.util.List;
import java.util.Optional;

/**
 * What runs the application, and why.
 *
 * @param kind the kind of worker
 * @param reason why, as the log says it in parentheses: {@code app.jar: Main-Class com.example.Shop}
 * @param note what else the application could be and how to choose that; empty: nothing
 * @param launch how the java command starts it; only for {@link WorkerKind#MAIN}
 * @param feature the oldest Java that can run the classes it starts with, such as 17; 0: it is not known
 */
public record Choice(WorkerKind kind, String reason, Optional<String> note, Launch launch, int feature) {

    /**
     * How the java command starts a main class.
     *
     * @param mainClass the class; empty: a module is run
     * @param jar whether {@code java -jar} does the same, as long as there is no further class path
     * @param flags what the manifest asks of {@code java -jar}, as flags for the time without it
     */
    public record Launch(Optional<String> mainClass, boolean jar, List<String> flags) {

        /** For kinds that have no main class of their own. */
        static final Launch NONE = new Launch(Optional.empty(), false, List.of());

        public Launch {
            flags = List.copyOf(flags);
        }
    }

    static Choice of(WorkerKind kind, String reason, int feature) {
        return new Choice(kind, reason, Optional.empty(), Launch.NONE, feature);
    }

    Choice noting(Optional<String> other) {
        return new Choice(kind, reason, other, launch, feature);
    }
}
