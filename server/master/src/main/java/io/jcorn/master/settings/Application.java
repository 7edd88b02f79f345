package io.jcorn.master.settings;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What to serve.
 *
 * @param path the archive or the folder of classes, absolute
 * @param className the class after the colon: one that implements {@code HttpHandler}, or one with a main method; empty: the
 *     archive names it
 */
public record Application(Path path, Optional<String> className) {

    /** Returns how the application is written on the command line. */
    @Override
    public String toString() {
        return path + className.map(name -> ":" + name).orElse("");
    }
}
