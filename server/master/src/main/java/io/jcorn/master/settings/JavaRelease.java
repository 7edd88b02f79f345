package io.jcorn.master.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the file {@code release} of a JDK or JRE says. To ask the java command would take as long as to start one. */
final class JavaRelease {

    private static final Pattern VERSION = Pattern.compile("JAVA_VERSION=\"(?:1\\.)?([0-9]{1,4})");

    private JavaRelease() {}

    /** Returns the feature version, such as 17; empty if the file is missing or says nothing. */
    static Optional<Integer> feature(Path home) {
        try {
            Matcher matcher = VERSION.matcher(Files.readString(home.resolve("release")));
            return matcher.find() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
        } catch (IOException e) {
            // ENOENT, EACCES or not UTF-8: there is nothing to be learned here, and nothing wrong with that.
            return Optional.empty();
        }
    }
}
