package io.jcorn.servlet.ee11;

import io.jcorn.servlet.deploy.ForeignInitializers;
import jakarta.servlet.ServletContainerInitializer;
import java.util.List;
import org.eclipse.jetty.ee11.annotations.AnnotationConfiguration;
import org.eclipse.jetty.ee11.webapp.Configuration;

/** The initializers of an application, but for those of a Jetty that it carries itself: the classes they need are hidden from it. */
final class Ee11Initializers extends AnnotationConfiguration {

    @Override
    public Class<? extends Configuration> replaces() {
        return AnnotationConfiguration.class;
    }

    @Override
    protected List<ServletContainerInitializer> getNonExcludedInitializers(State state) {
        return ForeignInitializers.without(
                super.getNonExcludedInitializers(state),
                initializer -> !isFromContainerClassPath(state._context, initializer));
    }
}
