package io.jcorn.servlet.deploy;

import java.util.List;

/** What an application sees of the server beside what Jetty shows it: the interfaces of Jakarta EE. */
public final class Visibility {

    /**
     * What it does not see, in Jetty's notation: the worker, and the libraries that applications bring in versions of their own. The
     * worker itself, and what is on the boot class path with it, would otherwise be found by every class loader.
     */
    public static final List<String> HIDDEN = List.of("io.jcorn.", "org.slf4j.", "org.objectweb.asm.");

    private Visibility() {}
}
