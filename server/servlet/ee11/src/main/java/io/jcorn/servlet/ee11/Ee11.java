package io.jcorn.servlet.ee11;

import io.jcorn.servlet.archive.WebApplication;
import io.jcorn.servlet.deploy.Deployment;
import io.jcorn.servlet.deploy.Environment;
import io.jcorn.servlet.deploy.TagLibraries;
import io.jcorn.servlet.deploy.Visibility;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jetty.ee11.webapp.MetaInfConfiguration;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.util.resource.Resource;
import org.eclipse.jetty.util.resource.ResourceFactory;

/** The environment of Jakarta EE 11. */
public final class Ee11 implements Environment {

    /** For the service loader. */
    public Ee11() {}

    @Override
    public Deployment deploy(WebApplication application, String contextPath, Path temp) {
        WebAppContext context = new Ee11Context();
        ResourceFactory resources = ResourceFactory.of(context);
        context.setBaseResource(resources.newResource(application.base()));
        context.setExtraClasspath(classpath(resources, application.classpath()));
        context.setContextPath(contextPath);
        context.setTempDirectory(temp.toFile());
        context.setThrowUnavailableOnStartupException(true);
        context.setAttribute(MetaInfConfiguration.METAINF_TLDS, TagLibraries.of(Ee11.class.getClassLoader()));
        Visibility.HIDDEN.forEach(context.getHiddenClassMatcher()::add);
        // A folder is no page: what is in it is nobody's business unless the application says so.
        context.setInitParameter("org.eclipse.jetty.servlet.Default.dirAllowed", "false");
        // What is ambiguous to mappings has been refused already: what is left, such as %25, is decoded
        // once and served.
        context.getServletHandler().setDecodeAmbiguousURIs(true);
        context.setErrorHandler(new Ee11ErrorPages());
        return new Ee11Deployment(context);
    }

    private static List<Resource> classpath(ResourceFactory resources, List<Path> places) {
        return places.stream().map(resources::newResource).toList();
    }
}
