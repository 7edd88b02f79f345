package io.jcorn.master.settings;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What to serve.
 *
 * @param path the archive or the folder of classes, absolute
 * @param handlerClass the class that implements {@code HttpHandler}; empty: the archive names it
 */
public record Application(Path path, Optional<String> handlerClass) {

    /** Returns how the application is written on the command line. */
    @Override
    public String toString() {
        return path + handlerClass.map(name -> ":" + name).orElse("");
    }
}
