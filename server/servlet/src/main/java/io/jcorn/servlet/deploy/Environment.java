package io.jcorn.servlet.deploy;

import io.jcorn.servlet.archive.WebApplication;
import java.nio.file.Path;

/**
 * One edition of Jakarta EE: the seam to classes that only its class loader knows. Each of the archives {@code jcorn-servlet-ee10}
 * and {@code -ee11} has one, as a service.
 */
public interface Environment {

    /**
     * Makes an application ready to be started.
     *
     * @param application what to deploy
     * @param contextPath {@code /} or {@code /shop}
     * @param temp an existing folder for the application's own temporary files
     */
    Deployment deploy(WebApplication application, String contextPath, Path temp);
}
