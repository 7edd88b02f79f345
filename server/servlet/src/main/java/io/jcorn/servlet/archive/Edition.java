package io.jcorn.servlet.archive;

/** An edition of Jakarta EE whose servlet specification is served. */
public enum Edition {
    /** Servlet 5.0 and 6.0, WebSocket 2.1, Pages 3.1. */
    EE10,
    /** Servlet 6.1, WebSocket 2.2, Pages 4.0. */
    EE11;

    /** Returns the name of the folder that holds its libraries. */
    public String folder() {
        return this == EE10 ? "ee10" : "ee11";
    }
}
