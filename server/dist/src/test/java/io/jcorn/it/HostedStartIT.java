package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.it.LoadClient.Question;
import io.jcorn.it.LoadClient.Style;
import io.jcorn.it.app.Obedient;
import io.jcorn.it.app.SelectorServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways to name what is to be run: arguments, another class, a module, libraries beside the jar. */
class HostedStartIT {

    private static final String MAIN = """
            package shop;
            public final class Main {
                public static void main(String[] arguments) throws java.io.IOException {
                    var server = com.sun.net.httpserver.HttpServer.create(
                            new java.net.InetSocketAddress(Integer.parseInt(System.getenv("PORT"))), 0);
                    server.createContext("/", exchange -> {
                        byte[] answer = (stock.Stock.answer() + " " + Main.class.getModule().getName() + " "
                                + String.join(",", arguments)).getBytes();
                        exchange.sendResponseHeaders(200, answer.length);
                        exchange.getResponseBody().write(answer);
                        exchange.close();
                    });
                    server.start();
                }
            }
            """;

    private static final String STOCK = """
            package stock;
            public final class Stock {
                public static String answer() {
                    return "%s";
                }
            }
            """;

    @RegisterExtension
    final Workplace place = new Workplace();

    @Test
    void whatComesAfterTheDashesIsTheApplications() throws IOException {
        Path jar = TestJar.running(place.folder().resolve("app.jar"), Obedient.class);
        try (RunningJcorn jcorn = place.jcorn(
                        "--workers",
                        "1",
                        jar.toString(),
                        "--",
                        "say=two words, $HOME \"quoted\" and 'so' \\ #",
                        "say=",
                        "say=--workers",
                        "listen=127.0.0.1:P1")
                .start()) {
            Await.until("what it says", () -> jcorn.output().lines().count() >= 3);
            assertThat(jcorn.output().lines())
                    .containsExactly("two words, $HOME \"quoted\" and 'so' \\ #", "", "--workers");
        }
    }

    @Test
    void anotherClassThanTheManifestNames() throws IOException {
        Path jar = TestJar.running(place.folder().resolve("app.jar"), Obedient.class);
        String other = SelectorServer.class.getName();
        try (RunningJcorn jcorn =
                place.jcorn("--workers", "2", jar + ":" + other).start()) {
            jcorn.awaitEvent("Using worker: main \\(app.jar: class " + other.replace(".", "\\.") + "\\)");
            everyWorkerAnswers(jcorn, Question.BEHAVED);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aModuleAndWhatItRequires(int java) throws IOException {
        Path modules = Files.createDirectory(place.folder().resolve("modules"));
        Path stock = new App(modules, "stock")
                .module("module stock { exports stock; }")
                .source(STOCK.formatted("plenty"))
                .jar();
        Path main = new App(modules, "shop")
                .onModulePath(stock)
                .module("module shop { requires stock; requires jdk.httpserver; }")
                .source(MAIN)
                .jar();
        try (RunningJcorn jcorn = place.jcorn(
                        "--workers",
                        "2",
                        "-m",
                        "shop/shop.Main",
                        "--classpath",
                        stock.toString(),
                        main.toString(),
                        "--",
                        "a",
                        "b")
                .workersOn(java)
                .start()) {
            jcorn.awaitEvent("Using worker: main \\(shop.jar: module shop/shop.Main\\)");
            assertThat(HttpConnection.get(jcorn.port(), "/").body()).isEqualTo("plenty shop a,b");
        }
    }

    @Test
    void librariesOfTheManifestMayBeReplacedUnderIt() throws IOException {
        Path lib = Files.createDirectory(place.folder().resolve("lib"));
        Path stock = new App(lib, "stock").source(STOCK.formatted("old")).jar();
        Path jar = new App(place.folder(), "shop")
                .with(stock)
                .source(MAIN)
                .manifest("Main-Class", "shop.Main")
                .manifest("Class-Path", "lib/stock.jar")
                .jar();
        Question old = new Question("/", Pattern.compile("old null "));
        try (RunningJcorn jcorn = place.jcorn("--workers", "2", jar.toString())
                        .tolerate("was sent SIGKILL: killed from outside")
                        .start();
                LoadClient users = LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 4, old)) {
            // In place, as cp does; the class that is in it may not have been loaded yet.
            Path other = new App(place.folder(), "other")
                    .source(STOCK.formatted("new"))
                    .jar();
            Files.write(stock, Files.readAllBytes(other));
            users.awaitAnswers(50).stop().assertPerfect();

            jcorn.mark();
            Proc.signal(jcorn.anyWorker(), "KILL");
            jcorn.awaitEvent("Worker ready");
            try (LoadClient later = LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 4, old)) {
                later.awaitAnswers(50).stop().assertPerfect();
            }

            jcorn.signal("HUP");
            jcorn.awaitEvent("Reload complete: generation 2");
            jcorn.awaitEvents("Worker exiting .*gen=1\\)", 2);
            assertThat(HttpConnection.get(jcorn.port(), "/").body()).isEqualTo("new null ");
        }
    }

    private static void everyWorkerAnswers(RunningJcorn jcorn, Question question) {
        try (LoadClient visitors = LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 4, question)) {
            visitors.awaitAnswersOf(jcorn.workers().keySet()).stop().assertPerfect();
        }
    }
}
