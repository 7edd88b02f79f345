package io.jcorn.master.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Class files as compilers make them. */
class ClassFileTest {

    @Retention(RetentionPolicy.RUNTIME)
    @interface Everything {
        int number() default 7;

        long[] numbers() default {};

        Class<?> type() default Object.class;

        RetentionPolicy constant() default RetentionPolicy.CLASS;

        Inner inner() default @Inner("x");

        Inner[] inners() default {};
    }

    @Retention(RetentionPolicy.RUNTIME)
    @interface Inner {
        String value();
    }

    /** Constants of every size, values of every kind. */
    @Everything(
            number = 5,
            numbers = {1L, 2L},
            type = String.class,
            constant = RetentionPolicy.SOURCE,
            inner = @Inner("y"),
            inners = {@Inner("a"), @Inner("b")})
    @Deprecated
    public static class Rich extends Thread implements AutoCloseable, Comparable<Rich> {
        static final long LONG = 1L << 40;
        static final double DOUBLE = 0.5;
        static final float FLOAT = 0.25f;

        public Rich() {}

        public static void main(String[] arguments) {
            Runnable lambda = () -> System.out.println(LONG + DOUBLE + FLOAT + arguments.length);
            lambda.run();
        }

        @Override
        public void close() {}

        @Override
        public int compareTo(Rich other) {
            return 0;
        }

        @Override
        public boolean equals(Object other) {
            return other == this;
        }

        @Override
        public int hashCode() {
            return 1;
        }
    }

    abstract static class Poor {
        public static void main(String argument) {}

        public void main(String[] arguments, int more) {}
    }

    @Test
    void everythingThatMattersIsRead() throws IOException {
        ClassFile rich = read(Rich.class);

        assertThat(rich.feature()).isEqualTo(17);
        assertThat(rich.parent()).isEqualTo("java.lang.Thread");
        assertThat(rich.interfaces()).containsExactly("java.lang.AutoCloseable", "java.lang.Comparable");
        assertThat(rich.annotations()).containsExactlyInAnyOrder(Everything.class.getName(), "java.lang.Deprecated");
        assertThat(rich.main()).isTrue();
        assertThat(rich.makeable()).isTrue();
    }

    @Test
    void whatIsNotPublicDoesNotCount() throws IOException {
        ClassFile poor = read(Poor.class);

        assertThat(poor.main()).isFalse();
        assertThat(poor.makeable()).isFalse();
        assertThat(poor.annotations()).isEmpty();
    }

    @Test
    void classesOfTheJdkAreRead() throws IOException {
        for (Class<?> type : new Class<?>[] {String.class, Thread.class, Runnable.class, java.util.HashMap.class}) {
            assertThat(read(type).major()).as(type.getName()).isGreaterThanOrEqualTo(61);
        }
        assertThat(read(Runnable.class).makeable()).isFalse();
    }

    @Test
    void theClassesOfTheOtherTestsAreAsACompilerMakesThem() {
        ClassFile made = ClassFile.read(
                        ClassBytes.handler("com.example.A").withMain().java(25).bytes())
                .orElseThrow();

        assertThat(made.feature()).isEqualTo(25);
        assertThat(made.main()).isTrue();
        assertThat(made.makeable()).isTrue();
        assertThat(made.interfaces()).containsExactly("com.sun.net.httpserver.HttpHandler");
    }

    @Test
    void anythingElseIsNone() throws IOException {
        byte[] whole = bytes(Rich.class);

        assertThat(ClassFile.read(new byte[0])).isEmpty();
        assertThat(ClassFile.read("no class file at all".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isEmpty();
        for (int length = 0; length < whole.length; length += 7) {
            assertThat(ClassFile.read(Arrays.copyOf(whole, length))).isEmpty();
        }
        for (int i = 4; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 0x55;
            // Read or not, it ends without another exception.
            assertThat(ClassFile.read(damaged)).isNotNull();
        }
    }

    private static ClassFile read(Class<?> type) throws IOException {
        return ClassFile.read(bytes(type)).orElseThrow();
    }

    private static byte[] bytes(Class<?> type) throws IOException {
        String file = "/" + type.getName().replace('.', '/') + ".class";
        try (InputStream in = Objects.requireNonNull(type.getResourceAsStream(file))) {
            return in.readAllBytes();
        }
    }
}
