package io.jcorn.compatibility;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One life of one server on one Java: by itself, to know what it does with requests in flight when it is told to stop; then under
 * jcorn with two workers, through a reload under load, the death of a worker, and a stop with requests in flight.
 */
final class Life {

    private static final Duration BOOT = Duration.ofMinutes(2);
    private static final Duration STOP = Duration.ofMinutes(1);
    private static final Pattern LISTENING = Pattern.compile("Listening at: http://127\\.0\\.0\\.1:([0-9]+) ");
    private static final int IN_FLIGHT = 6;
    private static final int LOOKS = 60;

    private final ServerRow row;
    private final Path jar;
    private final Path jcorn;
    private final Path javaHome;
    private final Path folder;
    private final Outcome outcome;
    private final AtomicInteger id = new AtomicInteger();
    private int port;

    Life(ServerRow row, Path jar, Path jcorn, Path javaHome, Path folder, Outcome outcome) {
        this.row = row;
        this.jar = jar;
        this.jcorn = jcorn;
        this.javaHome = javaHome;
        this.folder = folder;
        this.outcome = outcome;
    }

    /** Lives it, and notes what came of it. */
    void live() throws IOException, InterruptedException {
        remove(folder);
        Files.createDirectories(folder.resolve("tmp"));
        try {
            plain();
            hosted();
        } finally {
            for (long pid : Processes.marked(folder)) {
                Processes.signal(pid, "KILL");
            }
        }
    }

    // ---- by itself

    private void plain() throws IOException, InterruptedException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        List<String> command =
                new ArrayList<>(List.of(javaHome.resolve("bin/java").toString()));
        command.addAll(row.options());
        command.addAll(List.of("-jar", jar.toString()));
        Process server = start(command, "plain.log", Map.of("PORT", Integer.toString(port)));
        boolean serves = Await.until(BOOT, () -> pid() > 0 || !server.isAlive()) && server.isAlive();
        outcome.put("plain", serves ? "serves" : "does not start");
        if (serves) {
            outcome.put("plainFinished", finishedThrough(server::destroy));
        }
        server.destroy();
        if (!server.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
            server.destroyForcibly();
        }
    }

    // ---- under jcorn

    private void hosted() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                jcorn.toString(),
                "--worker-class",
                "main",
                "--workers",
                "2",
                "--bind",
                "127.0.0.1:0",
                "--boot-timeout",
                "60"));
        row.options().forEach(option -> command.add("--java-opt=" + option));
        command.add(jar.toString());
        Process master = start(command, "jcorn.log", Map.of());
        boolean ready =
                Await.until(BOOT, () -> log().contains("Ready: 2 workers") || !master.isAlive()) && master.isAlive();
        outcome.put("ready", ready);
        if (!ready) {
            outcome.put("problem", firstProblem());
            master.destroy();
            awaitEnd(master);
            return;
        }
        Matcher listening = LISTENING.matcher(log());
        if (!listening.find()) {
            throw new IOException("the log does not tell the port:\n" + log());
        }
        port = Integer.parseInt(listening.group(1));
        outcome.put("serving", serving(Set.of()).size());
        reload(master);
        kill();
        outcome.put("finished", finishedThrough(master::destroy));
        awaitEnd(master);
    }

    private void reload(Process master) throws IOException, InterruptedException {
        Set<Long> before = serving(Set.of());
        Load load = Load.on(port, id);
        Await.until(BOOT, () -> load.slowRequests() > IN_FLIGHT);
        Processes.signal(master.pid(), "HUP");
        boolean complete = Await.until(BOOT, () -> log().contains("Reload complete") || log().contains("Reload failed"))
                && log().contains("Reload complete");
        // Until the last of the old generation is gone.
        Await.until(BOOT, () -> Processes.marked(folder).stream().noneMatch(before::contains));
        load.end();
        outcome.put("reload", complete ? "complete" : "failed");
        outcome.put("requests", load.requests());
        outcome.put("wrong", load.wrong());
        outcome.put("cut", load.cut());
        outcome.put("slow", load.slowRequests());
        outcome.put("slowFailed", load.slowFailed());
        outcome.put("executedUnanswered", load.executedUnanswered(log()));
        outcome.put("servingAfterReload", serving(before).size());
    }

    private void kill() throws IOException, InterruptedException {
        long victim = serving(Set.of()).stream().findFirst().orElseThrow(() -> new IOException("nobody serves"));
        Processes.signal(victim, "KILL");
        outcome.put(
                "servingAfterKill",
                Await.until(BOOT, () -> serving(Set.of(victim)).size() == 2)
                        ? 2
                        : serving(Set.of(victim)).size());
    }

    private void awaitEnd(Process master) throws InterruptedException {
        boolean ended = master.waitFor(STOP.toSeconds(), TimeUnit.SECONDS);
        outcome.put("exit", ended ? Integer.toString(master.exitValue()) : "does not end");
        outcome.put("left", Processes.marked(folder).size());
        outcome.put("portFree", port == 0 || free());
    }

    private boolean free() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    // ---- clients

    /** Returns how many of the requests that are in flight when something happens get their answer. */
    private int finishedThrough(Runnable event) throws InterruptedException {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger finished = new AtomicInteger();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < IN_FLIGHT; i++) {
            Thread client = new Thread(() -> {
                try (Connection connection = new Connection(port)) {
                    connection.get("/");
                    asked.incrementAndGet();
                    if (connection.get("/slow").status() == 200) {
                        finished.incrementAndGet();
                    }
                } catch (IOException e) {
                    // It is not finished.
                }
            });
            client.start();
            clients.add(client);
        }
        Await.until(BOOT, () -> asked.get() == IN_FLIGHT);
        // They take a second; this is well within.
        Await.pause(200);
        event.run();
        for (Thread client : clients) {
            client.join();
        }
        return finished.get();
    }

    /** Returns the ids of the processes that answer, but for some. */
    private Set<Long> serving(Set<Long> but) {
        Map<Long, Integer> answers = new TreeMap<>();
        for (int i = 0; i < LOOKS && answers.size() < 2; i++) {
            long pid = pid();
            if (pid > 0 && !but.contains(pid)) {
                answers.merge(pid, 1, Integer::sum);
            }
        }
        return new TreeSet<>(answers.keySet());
    }

    private long pid() {
        try (Connection connection = new Connection(port)) {
            Connection.Response response = connection.get("/");
            return response.status() == 200 && response.body().startsWith("pid ")
                    ? Long.parseLong(response.body().substring("pid ".length()).strip())
                    : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    // ---- processes and files

    private Process start(List<String> command, String log, Map<String, String> more) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(log).toFile());
        Map<String, String> environment = builder.environment();
        environment
                .keySet()
                .removeIf(name -> name.startsWith("JCORN_") || name.equals("PORT") || name.startsWith("MAVEN"));
        environment.put("JAVA_HOME", javaHome.toString());
        environment.put("TMPDIR", folder.resolve("tmp").toString());
        environment.put(Processes.MARK, folder.toString());
        environment.putAll(more);
        return builder.start();
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("jcorn.log"));
        } catch (IOException e) {
            return "";
        }
    }

    private String firstProblem() {
        return log().lines()
                .filter(line -> line.contains("[ERROR]") || line.contains("Exception"))
                .findFirst()
                .map(line -> line.replaceFirst("^.*\\[ERROR\\] ", ""))
                .orElse("nothing was logged");
    }

    private static void remove(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
