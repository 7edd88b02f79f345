package io.jcorn.master.settings;

/** Where a setting stands in the help, the annotated file and the settings page; in this order. */
public enum Section {
    WHAT("Application"),
    SOCKETS("Server socket"),
    TLS("TLS"),
    PROCESSES("Worker processes"),
    RELOADS("Reload"),
    JVM("Java"),
    REQUESTS("Limits on requests"),
    READING("How requests are read"),
    PROXIES("Proxies in front"),
    FILES("Files"),
    WEBSOCKET("WebSocket"),
    HTTP2("HTTP/2"),
    TIME("Time and queue"),
    SERVLETS("Servlets"),
    MECHANICS("Server mechanics"),
    LOGS("Logging"),
    HEALTH("Health and metrics");

    private final String title;

    Section(String title) {
        this.title = title;
    }

    /** Returns the heading. */
    public String title() {
        return title;
    }
}
