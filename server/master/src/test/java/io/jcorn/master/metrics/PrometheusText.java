package io.jcorn.master.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A strict reader of the Prometheus text format 0.0.4: what it accepts, every scraper accepts. Families are in one piece,
 * each with HELP and TYPE before its first sample; no series comes twice; histograms are cumulative and complete.
 */
final class PrometheusText {

    private static final Pattern HELP = Pattern.compile("# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (\\S.*)");
    private static final Pattern TYPE =
            Pattern.compile("# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)");
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? ([+-]?(?:Inf|NaN|[0-9][0-9.E+-]*))");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\\"n])*)\"(,(?=.)|$)");

    /** Family name to type, in the order of the page. */
    final Map<String, String> types = new LinkedHashMap<>();

    /** Family name to the names of its labels, {@code le} aside. */
    final Map<String, Set<String>> labels = new TreeMap<>();

    private final Map<String, Double> samples = new LinkedHashMap<>();
    private String family = "";

    private PrometheusText() {}

    static PrometheusText parse(String page) {
        PrometheusText text = new PrometheusText();
        require(page.endsWith("\n"), "the last line has no end");
        String announced = "";
        for (String line : page.lines().toList()) {
            Matcher help = HELP.matcher(line);
            Matcher type = TYPE.matcher(line);
            if (help.matches()) {
                announced = help.group(1);
            } else if (type.matches()) {
                require(type.group(1).equals(announced), "TYPE without its HELP: " + line);
                require(text.types.put(announced, type.group(2)) == null, "a family in two pieces: " + line);
                text.family = announced;
            } else {
                text.sample(line);
            }
        }
        text.types.forEach(text::checkFamily);
        return text;
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }

    private void sample(String line) {
        Matcher sample = SAMPLE.matcher(line);
        require(sample.matches(), "not a sample: " + line);
        String name = sample.group(1);
        boolean histogram = "histogram".equals(types.get(family));
        require(
                histogram ? name.matches(Pattern.quote(family) + "_(bucket|sum|count)") : name.equals(family),
                "a sample outside its family " + family + ": " + line);
        Map<String, String> read = labels(sample.group(2) == null ? "" : sample.group(2), line);
        double value = Double.parseDouble(sample.group(3).replace("Inf", "Infinity"));
        require(samples.put(key(name, read), value) == null, "a series twice: " + line);
        Map<String, String> own = new TreeMap<>(read);
        own.remove("le");
        labels.put(family, Set.copyOf(own.keySet()));
    }

    private static Map<String, String> labels(String text, String line) {
        Map<String, String> read = new TreeMap<>();
        Matcher label = LABEL.matcher(text);
        int at = 0;
        while (at < text.length()) {
            require(label.find(at) && label.start() == at, "labels: " + line);
            require(read.put(label.group(1), label.group(2)) == null, "a label twice: " + line);
            at = label.end();
        }
        return read;
    }

    private static String key(String name, Map<String, String> labels) {
        return name + labels;
    }

    private void checkFamily(String name, String type) {
        if (type.equals("counter")) {
            require(name.endsWith("_total"), "a counter without _total: " + name);
            samples.forEach(
                    (key, value) -> require(!key.startsWith(name + "{") || value >= 0, "a negative counter: " + key));
        }
        if (type.equals("histogram")) {
            List<Double> buckets = new ArrayList<>(buckets(name).values());
            for (int i = 1; i < buckets.size(); i++) {
                require(buckets.get(i) >= buckets.get(i - 1), "not cumulative: " + name);
            }
            Double all = buckets(name).get(Double.POSITIVE_INFINITY);
            require(all != null && all.equals(value(name + "_count")), "+Inf is missing or not _count: " + name);
            require(value(name + "_sum") >= 0, "no _sum: " + name);
        }
    }

    /** Returns a histogram's cumulative counts by upper bound, ascending. */
    Map<Double, Double> buckets(String histogram) {
        Map<Double, Double> buckets = new TreeMap<>();
        Pattern bucket = Pattern.compile(Pattern.quote(histogram + "_bucket{le=") + "([^}]*)}");
        samples.forEach((key, value) -> {
            Matcher matcher = bucket.matcher(key);
            if (matcher.matches()) {
                buckets.put(Double.parseDouble(matcher.group(1).replace("Inf", "Infinity")), value);
            }
        });
        return buckets;
    }

    /**
     * Returns the value of a series.
     *
     * @param labels alternately names and values
     * @throws AssertionError if there is none
     */
    double value(String name, String... labels) {
        Double value = samples.get(key(name, labels(labels)));
        if (value == null) {
            throw new AssertionError("no series " + name + List.of(labels) + " among " + samples.keySet());
        }
        return value;
    }

    boolean has(String name, String... labels) {
        return samples.containsKey(key(name, labels(labels)));
    }

    private static Map<String, String> labels(String... labels) {
        Map<String, String> map = new TreeMap<>();
        for (int i = 0; i < labels.length; i += 2) {
            map.put(labels[i], labels[i + 1]);
        }
        return map;
    }
}
