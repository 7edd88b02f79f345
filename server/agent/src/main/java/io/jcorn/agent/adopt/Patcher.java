package io.jcorn.agent.adopt;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the JDK's and Netty's classes as they are loaded. The JDK's are rewritten before that, from the runtime image, to know
 * that each patch point is there: a patch of private members is only trustworthy when it checks itself.
 */
final class Patcher implements ClassFileTransformer {

    /** A class as it is in the runtime image, and as it is to be. */
    private static final class Prepared {
        private final byte[] original;
        private final byte[] patched;

        Prepared(byte[] original, byte[] patched) {
            this.original = original;
            this.patched = patched;
        }
    }

    /** This JDK is not one that we know. */
    static final class UnknownJdkException extends Exception {
        private static final long serialVersionUID = 1L;

        UnknownJdkException(List<String> surprises) {
            super("jcorn's agent does not know this Java, " + System.getProperty("java.vendor") + " "
                    + Runtime.version()
                    + ", well enough to let an application adopt the master's sockets: " + String.join("; ", surprises)
                    + ". It knows 17 to 25. Give the workers one of those: --java-home FOLDER");
        }
    }

    private final Map<String, Prepared> prepared;
    private final Consumer<String> complaints;

    private Patcher(Map<String, Prepared> prepared, Consumer<String> complaints) {
        this.prepared = prepared;
        this.complaints = complaints;
    }

    /**
     * Looks at this JDK.
     *
     * @param complaints takes what is wrong with a library that is loaded later
     * @throws UnknownJdkException if a patch point is not where it should be
     */
    static Patcher of(Consumer<String> complaints) throws UnknownJdkException {
        Map<String, List<PatchPoint>> byClass = new HashMap<>();
        PatchPoints.JDK.forEach(point ->
                byClass.computeIfAbsent(point.in(), name -> new ArrayList<>()).add(point));
        Map<String, Prepared> prepared = new HashMap<>();
        List<String> surprises = new ArrayList<>();
        int closes = 0;
        for (Map.Entry<String, List<PatchPoint>> entry : byClass.entrySet()) {
            byte[] original = inImage(entry.getKey());
            if (original == null) {
                entry.getValue().stream()
                        .filter(point -> point.least() > 0)
                        .forEach(point -> surprises.add(point + " is gone"));
                continue;
            }
            Rewriting outcome = Rewriting.of(original, entry.getValue());
            surprises.addAll(outcome.surprises());
            closes += outcome.found().entrySet().stream()
                    .filter(found -> found.getKey().kind() == PatchPoint.Kind.CLOSE)
                    .mapToInt(Map.Entry::getValue)
                    .sum();
            prepared.put(entry.getKey(), new Prepared(original, outcome.bytes()));
        }
        if (closes != 1) {
            surprises.add("the close of sockets " + closes + " times instead of 1");
        }
        if (!surprises.isEmpty()) {
            throw new UnknownJdkException(surprises);
        }
        return new Patcher(prepared, complaints);
    }

    private static byte @Nullable [] inImage(String name) {
        try (InputStream in = Object.class.getResourceAsStream("/" + name + ".class")) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            return null;
        }
    }

    /** From now on every class is patched as it is loaded; those that are loaded already are at once. */
    void install(Instrumentation instrumentation) throws UnmodifiableClassException {
        instrumentation.addTransformer(this, true);
        List<Class<?>> loaded = new ArrayList<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (prepared.containsKey(type.getName().replace('.', '/'))) {
                loaded.add(type);
            }
        }
        if (!loaded.isEmpty()) {
            instrumentation.retransformClasses(loaded.toArray(Class<?>[]::new));
        }
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
        if (name.endsWith(PatchPoints.NETTY_SOCKET) || name.endsWith(PatchPoints.NETTY_DESCRIPTOR)) {
            return netty(name, bytes);
        }
        return null;
    }

    private byte @Nullable [] patched(String name, byte[] bytes) {
        Prepared found = prepared.get(name);
        if (found == null) {
            return null;
        }
        if (Arrays.equals(found.original, bytes)) {
            return found.patched;
        }
        // Another agent was here before us.
        Rewriting outcome = Rewriting.of(
                bytes,
                PatchPoints.JDK.stream()
                        .filter(point -> point.in().equals(name))
                        .toList());
        outcome.surprises().forEach(complaints);
        return outcome.bytes();
    }

    private byte @Nullable [] netty(String name, byte[] bytes) {
        Rewriting outcome = Rewriting.of(
                bytes,
                PatchPoints.NETTY.stream()
                        .filter(point -> name.endsWith(point.in()))
                        .toList());
        List<String> surprises = outcome.surprises();
        if (surprises.isEmpty()) {
            return outcome.bytes();
        }
        complaints.accept(
                "The native transport of " + name.replace('/', '.') + " is one that jcorn's agent does not know ("
                        + String.join("; ", surprises)
                        + "), so its sockets cannot be adopted. Use its NIO transport: --java-opt=-Dio.netty.transport.noNative=true");
        return null;
    }
}
