package io.jcorn.it.app;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Does what its arguments say, one after the other. Ports are numbers, or {@code P1}, {@code P2} for those that it is told to serve.
 *
 * <table>
 *   <tr><td>{@code listen=HOST:PORT}</td><td>serves there, on threads of its own
 *   <tr><td>{@code bind=HOST:PORT}</td><td>binds and closes, as who looks for a free port does
 *   <tr><td>{@code close}</td><td>closes what it has begun to listen on last
 *   <tr><td>{@code await=FILE}</td><td>waits until there is such a file
 *   <tr><td>{@code write=FILE}</td><td>makes an empty file
 *   <tr><td>{@code temp=NAME}</td><td>makes an empty file in its folder for temporary files, and writes its path to standard output
 *   <tr><td>{@code child}</td><td>starts another JVM, which lives as long as this one
 *   <tr><td>{@code input}</td><td>waits for the end of standard input, then ends
 *   <tr><td>{@code say=TEXT}</td><td>writes to standard output
 *   <tr><td>{@code hook=MILLIS,FILE}</td><td>on shutdown: takes so long, then makes the file
 *   <tr><td>{@code throw=TEXT}, {@code exit=CODE}, {@code return}</td><td>ends so
 *   <tr><td>{@code thread}</td><td>does the rest on another thread, and returns from main
 *   <tr><td>{@code loader}</td><td>does the rest in another class loader
 * </table>
 *
 * When all is done it stays.
 */
public final class Obedient {

    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final Deque<ServerSocket> LISTENING = new ArrayDeque<>();

    private Obedient() {}

    /** Begins. */
    public static void main(String[] steps) throws IOException, InterruptedException, ReflectiveOperationException {
        for (int i = 0; i < steps.length; i++) {
            String[] rest = Arrays.copyOfRange(steps, i + 1, steps.length);
            switch (steps[i]) {
                case "return" -> {
                    return;
                }
                case "thread" -> {
                    new Thread(() -> unchecked(rest), "another thread").start();
                    return;
                }
                case "input" -> {
                    System.in.readAllBytes();
                    return;
                }
                case "loader" -> {
                    elsewhere(rest);
                    return;
                }
                default -> step(steps[i]);
            }
        }
        new CountDownLatch(1).await();
    }

    private static void unchecked(String[] steps) {
        try {
            main(steps);
        } catch (IOException | InterruptedException | ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void elsewhere(String[] steps) throws IOException, ReflectiveOperationException {
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classPath()}, ClassLoader.getPlatformClassLoader())) {
            Class<?> other = loader.loadClass(Obedient.class.getName());
            other.getMethod("main", String[].class).invoke(null, (Object) steps);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static URL classPath() throws MalformedURLException {
        return Path.of(System.getProperty("java.class.path")).toUri().toURL();
    }

    private static void step(String step) throws IOException {
        String value = step.substring(step.indexOf('=') + 1);
        switch (step.replaceFirst("=.*", "")) {
            case "listen" -> listen(value);
            case "bind" -> new ServerSocket(port(value), 0, host(value)).close();
            case "close" -> LISTENING.pop().close();
            case "await" -> {
                while (!Files.exists(Path.of(value))) {
                    LockSupport.parkNanos(LOOK_EVERY_NANOS);
                }
            }
            case "write" -> Files.createFile(Path.of(value));
            case "temp" -> System.out.println(Files.createFile(Path.of(System.getProperty("java.io.tmpdir"), value)));
            case "child" -> child();
            case "say" -> System.out.println(value);
            case "hook" -> hook(Long.parseLong(value.replaceFirst(",.*", "")), Path.of(value.replaceFirst(".*,", "")));
            case "throw" -> throw new IllegalStateException(value);
            case "exit" -> System.exit(Integer.parseInt(value));
            default -> throw new IllegalArgumentException(step);
        }
    }

    /** It waits for the end of a pipe to which nobody writes, which comes when this process ends; a shutdown waits for it. */
    private static void child() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        Process child = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), Obedient.class.getName(), "input")
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread("the end of the child") {
            @Override
            public void run() {
                child.destroyForcibly().onExit().join();
            }
        });
    }

    private static void hook(long millis, Path file) {
        Runtime.getRuntime().addShutdownHook(new Thread("the application's hook") {
            @Override
            public void run() {
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
                while (System.nanoTime() < end) {
                    LockSupport.parkNanos(LOOK_EVERY_NANOS);
                }
                try {
                    Files.createFile(file);
                } catch (IOException e) {
                    System.out.println(e);
                }
            }
        });
    }

    private static void listen(String address) throws IOException {
        ServerSocket listening = new ServerSocket();
        listening.bind(new InetSocketAddress(host(address), port(address)));
        LISTENING.push(listening);
        Thread acceptor = new Thread(() -> accept(listening, address), "acceptor");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private static void accept(ServerSocket listening, String address) {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Thread thread = new Thread(() -> serve(client, address), "client");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                if (!listening.isClosed()) {
                    System.out.println(e);
                }
            }
        }
    }

    /** The answer: who, in which slot, which of its addresses, and what the kernel says that the address is. */
    private static void serve(Socket client, String address) {
        try {
            String local = client.getLocalSocketAddress().toString();
            Http.serve(
                    client,
                    "pid=" + ProcessHandle.current().pid() + " slot=" + System.getenv("JCORN_SLOT") + " " + address
                            + " " + local + "\n");
        } catch (IOException e) {
            System.out.println(e);
        }
    }

    private static InetAddress host(String address) throws IOException {
        return InetAddress.getByName(address.substring(0, address.lastIndexOf(':')));
    }

    private static int port(String address) {
        String port = address.substring(address.lastIndexOf(':') + 1);
        if (!port.startsWith("P")) {
            return Integer.parseInt(port);
        }
        // tcp-9000:tcp-9443
        String[] names = System.getenv("LISTEN_FDNAMES").split(":", -1);
        return Integer.parseInt(names[Integer.parseInt(port.substring(1)) - 1].substring("tcp-".length()));
    }
}
