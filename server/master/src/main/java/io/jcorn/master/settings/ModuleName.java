package io.jcorn.master.settings;

import java.util.Optional;

/**
 * What {@code java -m} is given.
 *
 * @param module the name of the module
 * @param mainClass the class in it; empty: the module names it
 */
public record ModuleName(String module, Optional<String> mainClass) {

    /** Returns how it is written. */
    @Override
    public String toString() {
        return module + mainClass.map(name -> "/" + name).orElse("");
    }
}
