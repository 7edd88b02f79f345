package io.jcorn.master.settings;

import java.io.File;
import java.nio.file.Path;
import java.util.List;

/** The files beside one that is missing. */
final class Siblings {

    private Siblings() {}

    /** Returns {@code "; did you mean NAME?"} if the folder holds a file of a similar name, or nothing. */
    static String suggestion(Path missing) {
        Path folder = missing.getParent();
        Path name = missing.getFileName();
        if (folder == null || name == null) {
            return "";
        }
        String[] names = new File(folder.toString()).list();
        if (names == null) {
            return "; its folder " + folder + " does not exist or cannot be read";
        }
        return Nearest.of(name.toString(), List.of(names))
                .map(near -> "; did you mean " + folder.resolve(near) + "?")
                .orElse("");
    }
}
