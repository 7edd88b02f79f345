package io.jcorn.master.spawn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The names by which frameworks take the port that they bind. Each application reads one of them at most, so it does no harm
 * to set them all. What the user says himself, in whichever way, is left to him.
 *
 * @param variables the user's own environment variables for the workers
 * @param texts the user's own flags and arguments
 */
public record PortNames(Map<String, String> variables, List<String> texts) {

    /**
     * One framework's way.
     *
     * @param variable its environment variable; empty: it has none
     * @param property its system property, which wins over the variable, and over what the jar says
     */
    private record Way(String variable, String property) {}

    private static final List<Way> WAYS = List.of(
            // Spring Boot, also Grails and JHipster
            new Way("SERVER_PORT", "server.port"),
            new Way("QUARKUS_HTTP_PORT", "quarkus.http.port"),
            new Way("MICRONAUT_SERVER_PORT", "micronaut.server.port"),
            // Play
            new Way("", "http.port"),
            new Way("", "ktor.deployment.port"));

    public PortNames {
        variables = Map.copyOf(variables);
        texts = List.copyOf(texts);
    }

    /** Returns the system properties, as flags. */
    List<String> properties(String port) {
        List<String> flags = new ArrayList<>();
        open().forEach(way -> flags.add("-D" + way.property + "=" + port));
        return flags;
    }

    /** Returns the variables. PORT is always among them: it is what jcorn itself listens to. */
    Map<String, String> variables(String port) {
        Map<String, String> result = new TreeMap<>(Map.of("PORT", port));
        open().filter(way -> !way.variable.isEmpty()).forEach(way -> result.put(way.variable, port));
        return result;
    }

    private Stream<Way> open() {
        return WAYS.stream().filter(way -> !said(way));
    }

    private boolean said(Way way) {
        // --server.port=1 for Spring, -micronaut.server.port=1, -Dhttp.port=1, -P:ktor.deployment.port=1
        return variables.containsKey(way.variable)
                || texts.stream()
                        .map(text -> text.replaceFirst("^-+(?:D|P:)?", ""))
                        .anyMatch(text -> text.startsWith(way.property + "="));
    }
}
