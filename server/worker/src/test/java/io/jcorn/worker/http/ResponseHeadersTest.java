package io.jcorn.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseHeadersTest {

    private static final @Nullable String[] NAMES = {
        "Content-Type",
        "content-type",
        "CONTENT-TYPE",
        "X",
        "x",
        "Vary",
        "Set-Cookie",
        "",
        "no\nname",
        "ärger",
        "Ärger",
        null
    };

    private static final @Nullable String[] VALUES = {"a", "b", "", "two\nlines", "two\r\n folded", "cut\r", "ä€", null
    };

    /** Everything that can be asked or done, as one function of the headers: what it returns, or what it throws. */
    private static Function<Headers, @Nullable Object> deed(SplittableRandom random) {
        String name = NAMES[random.nextInt(NAMES.length)];
        String value = VALUES[random.nextInt(VALUES.length)];
        return switch (random.nextInt(40)) {
            case 0 -> Headers::size;
            case 1 -> headers -> headers.containsValue(List.of("a"));
            case 2 -> headers -> headers.get(name);
            case 3 -> headers -> headers.put(name, new ArrayList<>(List.of("p", "q")));
            case 4 -> headers -> headers.put(name, Arrays.asList("p", value));
            case 5 -> headers -> headers.remove(name);
            case 6 ->
                headers -> {
                    headers.putAll(Map.of("X", List.of("all"), "Y", List.of("all")));
                    return null;
                };
            case 7 ->
                headers -> {
                    headers.clear();
                    return null;
                };
            case 8 -> headers -> headers.keySet().remove("X");
            case 9 -> headers -> headers.values().size();
            case 10 ->
                headers -> headers.entrySet().removeIf(entry -> entry.getKey().equals("Vary"));
            case 11 -> headers -> headers.computeIfAbsent(name, absent -> new ArrayList<>(List.of("computed")));
            case 12 ->
                headers -> {
                    headers.replaceAll((key, values) -> List.of(key));
                    return null;
                };
            case 13 -> headers -> headers.containsKey(name);
            case 14 -> headers -> headers.containsKey((Object) 7);
            case 15 -> Headers::isEmpty;
            case 16 -> Headers::hashCode;
            case 17, 18, 19, 20 -> headers -> headers.getFirst(name);
            case 21, 22, 23, 24, 25, 26, 27 ->
                headers -> {
                    headers.add(name, value);
                    return null;
                };
            default ->
                headers -> {
                    headers.set(name, value);
                    return null;
                };
        };
    }

    private static @Nullable Object outcome(Function<Headers, @Nullable Object> deed, Headers headers) {
        try {
            return deed.apply(headers);
        } catch (RuntimeException e) {
            return e.getClass();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 40})
    void whateverIsDoneTheyAreAsTheJdksOwn(int deeds) {
        for (int seed = 0; seed < 5_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Headers model = new Headers();
            ResponseHeaders headers = new ResponseHeaders();
            for (int i = 0; i < deeds; i++) {
                Function<Headers, @Nullable Object> deed = deed(random);
                assertThat(outcome(deed, headers))
                        .as("seed %d, deed %d", seed, i)
                        .isEqualTo(outcome(deed, model));
            }
            assertThat(model.equals(headers)).as("seed %d: %s", seed, headers).isTrue();
            assertThat(headers).as("seed %d", seed).isEqualTo(model);
        }
    }

    @Test
    void manyFieldsAreKept() {
        ResponseHeaders headers = new ResponseHeaders();
        for (int i = 0; i < 100; i++) {
            headers.add("Field-" + i, "value " + i);
        }
        assertThat(headers).hasSize(100);
        assertThat(headers.getFirst("FIELD-77")).isEqualTo("value 77");
    }

    @Test
    void whatMostResponsesHaveStaysInTheRow() {
        ResponseHeaders headers = new ResponseHeaders();
        headers.set("content-type", "text/html");
        headers.add("Set-Cookie", "a=1");
        headers.add("Set-Cookie", "b=2");
        headers.set("Content-Type", "text/plain");

        assertThat(headers.getFirst("CONTENT-TYPE")).isEqualTo("text/plain");
        assertThat(headers.containsKey("Vary")).isFalse();
        assertThat(headers.flat()).isEqualTo(3);

        headers.set("Set-Cookie", "c=3");
        assertThat(headers.flat()).isEqualTo(2);
        assertThat(headers.get("Set-cookie")).containsExactly("c=3");
        assertThat(headers.flat()).as("in the map now").isEqualTo(-1);
    }
}
