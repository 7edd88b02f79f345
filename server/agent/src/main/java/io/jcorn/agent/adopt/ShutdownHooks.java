package io.jcorn.agent.adopt;

import io.jcorn.wire.Log;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the application has anything to do at its end. If it has not, a SIGTERM cuts off whatever is in flight. */
final class ShutdownHooks {

    private final Instrumentation instrumentation;
    private final Log log;

    ShutdownHooks(Instrumentation instrumentation, Log log) {
        this.instrumentation = instrumentation;
        this.log = log;
    }

    /** Returns whether a hook is registered that is not the JDK's own, such as that of its logging. */
    boolean ofApplication() {
        try {
            // Only now, and only to us: the application sees the JDK as closed as it is without us.
            Set<Module> us = Set.of(ShutdownHooks.class.getModule());
            Module jdk = Object.class.getModule();
            instrumentation.redefineModule(jdk, Set.of(), Map.of(), Map.of("java.lang", us), Set.of(), Map.of());
            Field field = Class.forName("java.lang.ApplicationShutdownHooks").getDeclaredField("hooks");
            field.setAccessible(true);
            for (Object hook : registered(field.get(null))) {
                if (hook.getClass().getClassLoader() != null || hook.getClass() == Thread.class) {
                    return true;
                }
            }
            return false;
        } catch (ReflectiveOperationException | RuntimeException e) {
            log.debug("The application's shutdown hooks cannot be seen: " + e);
            return true;
        }
    }

    // Threads, by themselves. Null once the JVM exits; it locks its own class when it changes the map, which we cannot.
    private static Collection<?> registered(@Nullable Object hooks) {
        return hooks instanceof Map<?, ?> map ? List.copyOf(map.keySet()) : List.of();
    }
}
