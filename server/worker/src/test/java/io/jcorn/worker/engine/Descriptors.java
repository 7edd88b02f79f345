package io.jcorn.worker.engine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The descriptors of this process by kind: sockets, event counters, files that are open although they were removed. */
record Descriptors(TreeMap<String, Integer> byKind) {

    static {
        // The JDK keeps a socket of its own from the first one on.
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            new Socket(server.getInetAddress(), server.getLocalPort()).close();
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    static Descriptors now() {
        TreeMap<String, Integer> kinds = new TreeMap<>();
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            for (Path one : (Iterable<Path>) all::iterator) {
                String kind = kind(one);
                if (!kind.isEmpty()) {
                    kinds.merge(kind, 1, Integer::sum);
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new Descriptors(kinds);
    }

    /** What the JVM opens for itself, once, is none of a test's. */
    private static String kind(Path descriptor) {
        String target;
        try {
            target = Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            // It is the one by which the folder is read.
            return "";
        }
        if (target.startsWith("socket:") || target.startsWith("pipe:") || target.startsWith("anon_inode:")) {
            return target.replaceAll(":\\[.*", "").replace("anon_inode:", "");
        }
        boolean jvms = List.of(".jar", ".so", "/modules").stream().anyMatch(target::endsWith)
                || target.startsWith("/dev/")
                || target.startsWith("/proc/");
        return jvms ? "" : target.endsWith(" (deleted)") ? "removed file" : "file";
    }

    /** Whether there are no more of any kind than there were. */
    boolean within(Descriptors before) {
        return byKind.entrySet().stream()
                .allMatch(kind -> kind.getValue() <= before.byKind.getOrDefault(kind.getKey(), 0));
    }

    @Override
    public String toString() {
        return byKind.toString();
    }
}
