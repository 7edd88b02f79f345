package io.jcorn.examples.guestbook;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;

/** Starts and stops the application. What all requests share is kept in the servlet context. */
@WebListener
public final class Guestbook implements ServletContextListener {

    private static final String VERSION = "guestbook.version";
    private static final String ENTRIES = "guestbook.entries";

    /** Called by the container before the first request. */
    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        try {
            context.setAttribute(VERSION, Version.read());
            context.setAttribute(ENTRIES, Entries.open(file()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot open the database " + file(), e);
        }
    }

    /** Called by the container after the last request, also when the start failed half-way. */
    @Override
    public void contextDestroyed(ServletContextEvent event) {
        if (event.getServletContext().getAttribute(ENTRIES) instanceof Entries entries) {
            entries.close();
        }
    }

    /**
     * Where the entries are kept, without the ending that the database gives its file. Not in java.io.tmpdir: each worker may have
     * one of its own, and all are to open the same file.
     */
    private static Path file() {
        String temp = System.getenv().getOrDefault("TMPDIR", "/tmp");
        String standard = System.getenv().getOrDefault("GUESTBOOK_DB", temp + "/guestbook");
        return Path.of(System.getProperty("guestbook.db", standard)).toAbsolutePath();
    }

    static String version(ServletContext context) {
        return (String) context.getAttribute(VERSION);
    }

    static Entries entries(ServletContext context) {
        return (Entries) context.getAttribute(ENTRIES);
    }
}
