package example;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;

/** Leaves a note when its application ends in order. */
@WebListener
public class Life implements ServletContextListener {

    /** The property of the JVM that holds the note. */
    public static final String NOTE = "example.life";

    @Override
    public void contextInitialized(ServletContextEvent event) {
        System.setProperty(NOTE, "begun");
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        System.setProperty(NOTE, "ended");
    }
}
