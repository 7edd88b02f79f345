package example;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Registers a servlet by program, as frameworks do. */
public class Initializer implements ServletContainerInitializer {

    @Override
    public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) {
        context.addServlet("registered", Plain.class).addMapping("/registered");
    }
}
