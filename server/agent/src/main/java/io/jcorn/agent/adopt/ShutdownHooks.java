package io.jcorn.agent.adopt;

import io.jcorn.wire.Log;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Whether the application has anything to do at its end. If it has not, a SIGTERM cuts off whatever is in flight. */
final class ShutdownHooks {

    private ShutdownHooks() {}

    /** Returns whether a hook is registered that is not the JDK's own, such as that of its logging. */
    static boolean ofApplication(Log log) {
        try {
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
    private static Collection<?> registered(@org.jspecify.annotations.Nullable Object hooks) {
        return hooks instanceof Map<?, ?> map ? List.copyOf(map.keySet()) : List.of();
    }
}
