package example;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;

/** Needs a class that is not in its archive. */
@WebListener
public class Lacking implements ServletContextListener {

    @Override
    public void contextInitialized(ServletContextEvent event) {
        throw new NoClassDefFoundError("com/example/Missing");
    }
}
