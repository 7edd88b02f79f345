package io.jcorn.master.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.master.arbiter.Journal;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A journal's methods do nothing by default, so one that is not passed on would be missed by nobody but this test. */
class JointJournalTest {

    private final List<String> told = new ArrayList<>();

    static Stream<Method> events() {
        return Arrays.stream(Journal.class.getMethods());
    }

    @ParameterizedTest
    @MethodSource("events")
    void passesEveryEventOnInOrder(Method event) throws ReflectiveOperationException {
        Journal joint = new JointJournal(recorder("one"), recorder("other"));
        @Nullable
        Object[] arguments = Arrays.stream(event.getParameterTypes())
                .map(JointJournalTest::argument)
                .toArray();

        event.invoke(joint, arguments);

        String call = event.getName() + Arrays.toString(arguments);
        assertThat(told).containsExactly("one " + call, "other " + call);
    }

    private Journal recorder(String name) {
        return (Journal) Proxy.newProxyInstance(
                Journal.class.getClassLoader(), new Class<?>[] {Journal.class}, (proxy, method, arguments) -> {
                    told.add(name + " " + method.getName() + (arguments == null ? "[]" : Arrays.toString(arguments)));
                    return null;
                });
    }

    private static @Nullable Object argument(Class<?> type) {
        if (type == int.class) {
            return 7;
        }
        if (type == long.class) {
            return 8L;
        }
        if (type == boolean.class) {
            return true;
        }
        return type == String.class ? "text" : null;
    }
}
