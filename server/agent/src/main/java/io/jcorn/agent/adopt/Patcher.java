package io.jcorn.agent.adopt;

import io.jcorn.wire.Log;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the JDK's and Netty's classes as they are loaded. The JDK's are loaded for that at once, to know that each patch point is
 * there: a patch of private members is only trustworthy when it checks itself.
 */
final class Patcher implements ClassFileTransformer {

    /** This JDK is not one that we know. */
    static final class UnknownJdkException extends Exception {
        private static final long serialVersionUID = 1L;

        UnknownJdkException(List<String> surprises) {
            super(unknown(String.join("; ", surprises)));
        }
    }

    /** Words the refusal of this JDK. */
    static String unknown(String surprise) {
        return "jcorn's agent does not know this Java, " + System.getProperty("java.vendor") + " " + Runtime.version()
                + ", well enough to let an application adopt the master's sockets: " + surprise
                + ". It knows 17 to 25. Give the workers one of those: --java-home FOLDER";
    }

    private final Log log;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final List<String> surprises = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger closes = new AtomicInteger();

    private Patcher(Log log) {
        this.log = log;
    }

    /**
     * From now on classes are patched as they are loaded; those of the JDK, whether loaded or not, are when this returns.
     *
     * @param log takes what is wrong with a library that is loaded later
     * @throws UnknownJdkException if a patch point is not where it should be
     */
    static void install(Instrumentation instrumentation, Log log)
            throws UnknownJdkException, UnmodifiableClassException {
        Patcher patcher = new Patcher(log);
        // Loaded before: a transformer that needs this class would be asked about it while it is being loaded.
        List<PatchPoint> points = PatchPoints.JDK;
        instrumentation.addTransformer(patcher, true);
        List<Class<?>> loadedBefore = new ArrayList<>();
        for (PatchPoint point : points) {
            if (!patcher.seen.contains(point.in())) {
                patcher.load(point, loadedBefore);
            }
        }
        if (!loadedBefore.isEmpty()) {
            instrumentation.retransformClasses(loadedBefore.toArray(new Class<?>[0]));
        }
        patcher.verify();
    }

    /** Loads a class, without running anything of it. One that the transformer does not see by that was loaded before. */
    private void load(PatchPoint point, List<Class<?>> loadedBefore) {
        try {
            Class<?> type = Class.forName(point.in().replace('/', '.'), false, null);
            if (!seen.contains(point.in()) && !loadedBefore.contains(type)) {
                loadedBefore.add(type);
            }
        } catch (ClassNotFoundException e) {
            if (point.least() > 0) {
                surprises.add(point + " is gone");
            }
        }
    }

    private void verify() throws UnknownJdkException {
        for (PatchPoint point : PatchPoints.JDK) {
            if (point.least() > 0 && !seen.contains(point.in())) {
                surprises.add(point + " cannot be reached");
            }
        }
        if (closes.get() != 1) {
            surprises.add("the close of sockets " + closes + " times instead of 1");
        }
        if (!surprises.isEmpty()) {
            throw new UnknownJdkException(surprises);
        }
    }

    private static List<PatchPoint> pointsOf(String name) {
        List<PatchPoint> points = new ArrayList<>();
        for (PatchPoint point : PatchPoints.JDK) {
            if (point.in().equals(name)) {
                points.add(point);
            }
        }
        return points;
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            @Nullable String name,
            @Nullable Class<?> redefined,
            ProtectionDomain domain,
            byte[] bytes) {
        if (name == null) {
            return null;
        }
        if (loader == null) {
            return patched(name, bytes);
        }
        return PatchPoints.maybeNetty(name) ? netty(name, bytes) : null;
    }

    private byte @Nullable [] patched(String name, byte[] bytes) {
        List<PatchPoint> points = PatchPoints.maybe(name) ? pointsOf(name) : List.of();
        if (points.isEmpty()) {
            return null;
        }
        try {
            Rewriting rewriting = Rewriting.of(bytes, points);
            if (seen.add(name)) {
                surprises.addAll(rewriting.surprises());
                closes.addAndGet(rewriting.found(PatchPoint.Kind.CLOSE));
            }
            return rewriting.bytes();
        } catch (RuntimeException e) {
            // A class file that ASM does not know, of a later JDK. The JVM would pass over whatever is thrown here.
            seen.add(name);
            surprises.add(name.replace('/', '.') + " cannot be read: " + e.getMessage());
            return null;
        }
    }

    private byte @Nullable [] netty(String name, byte[] bytes) {
        List<PatchPoint> points = new ArrayList<>();
        for (PatchPoint point : PatchPoints.NETTY) {
            if (name.endsWith(point.in())) {
                points.add(point);
            }
        }
        Rewriting outcome = Rewriting.of(bytes, points);
        List<String> surprises = outcome.surprises();
        if (surprises.isEmpty()) {
            if (name.endsWith(PatchPoints.NETTY_DESCRIPTOR)) {
                sees(name, outcome);
            }
            return outcome.bytes();
        }
        log.error(
                "The native transport of " + name.replace('/', '.') + " is one that jcorn's agent does not know ("
                        + String.join("; ", surprises)
                        + "), so its sockets cannot be adopted. Use its NIO transport: --java-opt=-Dio.netty.transport.noNative=true");
        return null;
    }

    private void sees(String name, Rewriting outcome) {
        if (outcome.found(PatchPoint.Kind.NETTY_READ) == 0 || outcome.found(PatchPoint.Kind.NETTY_WRITE) == 0) {
            Hook.nettyIsUnseen();
            log.warning("The native transport of " + name.replace('/', '.')
                    + " reads and writes in a way that jcorn's agent does not know: requests that take longer than"
                    + " 2 s may be cut off by a reload or stop");
        }
    }
}
