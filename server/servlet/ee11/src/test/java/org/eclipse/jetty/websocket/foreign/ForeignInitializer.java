package org.eclipse.jetty.websocket.foreign;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stands for one of a Jetty that an application carries: it needs a class that the server hides from applications. */
public class ForeignInitializer implements ServletContainerInitializer {

    @Override
    public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) {
        throw new NoClassDefFoundError("org/eclipse/jetty/servlet/ServletContextHandler");
    }
}
