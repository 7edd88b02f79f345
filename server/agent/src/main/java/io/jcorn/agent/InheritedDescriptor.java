package io.jcorn.agent;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.IOUtil;

/**
 * Descriptors that this process was born with. The JDK has no way to open one by its number, so this reaches for two of
 * its private members; the worker is started with {@code sun.nio.ch} open to us, which is why it needs no native code.
 */
public final class InheritedDescriptor {

    /** Makes one descriptor another name of what another one is: dup2(2). */
    @FunctionalInterface
    public interface Duplication {
        /** Does it. */
        void dup2(FileDescriptor from, FileDescriptor to) throws IOException;
    }

    private static volatile @Nullable Duplication duplication;

    private InheritedDescriptor() {}

    /** Names a way that is cheaper than reflection, for {@link #replace}. */
    public static void duplicateBy(Duplication way) {
        duplication = way;
    }

    /** Returns a handle on an open descriptor, for streams. */
    public static FileDescriptor of(int number) {
        return IOUtil.newFD(number);
    }

    /** Returns the number of an open descriptor. */
    public static int number(FileDescriptor descriptor) {
        return IOUtil.fdVal(descriptor);
    }

    /**
     * Makes {@code target} another name of what {@code source} is, closing what it was: dup2(2). The number never becomes
     * free in between, so no other thread can be given it, and a thread that still uses it fails cleanly.
     *
     * @throws IOException if the kernel or this JDK refuses
     */
    public static void replace(int target, int source) throws IOException {
        Duplication way = duplication;
        if (way != null) {
            way.dup2(of(source), of(target));
            return;
        }
        try {
            Class<?> owner = Class.forName("sun.nio.ch.InheritedChannel");
            Class.forName("sun.nio.ch.IOUtil", true, null);
            Method dup2 = owner.getDeclaredMethod("dup2", int.class, int.class);
            dup2.setAccessible(true);
            dup2.invoke(null, source, target);
        } catch (InvocationTargetException e) {
            throw new IOException("dup2(" + source + ", " + target + ") failed", e.getCause());
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw unsupported(e);
        }
    }

    /**
     * Closes a descriptor by its number.
     *
     * @throws IOException if the kernel or this JDK refuses
     */
    public static void close(int number) throws IOException {
        new FileOutputStream(of(number)).close();
    }

    /**
     * Makes reads of a socket end at once, also one that another thread is in: shutdown(2) of its receiving side.
     *
     * @throws IOException if the kernel or this JDK refuses
     */
    public static void shutdownInput(FileDescriptor socket) throws IOException {
        try {
            Class.forName("sun.nio.ch.IOUtil", true, null);
            Method shutdown =
                    Class.forName("sun.nio.ch.Net").getDeclaredMethod("shutdown", FileDescriptor.class, int.class);
            shutdown.setAccessible(true);
            shutdown.invoke(null, socket, 0);
        } catch (InvocationTargetException e) {
            throw new IOException("shutdown failed", e.getCause());
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw unsupported(e);
        }
    }

    private static IOException unsupported(Exception cause) {
        return new IOException(
                "this Java (" + Runtime.version() + ") does not open sun.nio.ch to jcorn's agent", cause);
    }
}
