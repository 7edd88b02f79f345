package io.jcorn.servlet.archive;

import java.nio.file.Path;
import java.util.List;

/**
 * An application on disk, ready to be deployed.
 *
 * @param base the folder whose files are served and that may have a WEB-INF; an empty one for an application that is a jar
 * @param classpath archives and folders of classes beside those in WEB-INF, in order
 * @param edition the edition that it is for
 */
public record WebApplication(Path base, List<Path> classpath, Edition edition) {

    public WebApplication {
        classpath = List.copyOf(classpath);
    }
}
