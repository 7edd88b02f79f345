package io.jcorn.compatibility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A row of {@code servers.txt}.
 *
 * @param server its name
 * @param version its version, or - for what comes with Java
 * @param source the class in {@code src/servers} that starts it
 * @param leastJava the least feature release that it runs on
 * @param boms coordinates of BOMs, {@code G:A:V}
 * @param libraries coordinates, {@code G:A}, {@code G:A:V} or {@code G:A:V:CLASSIFIER}
 * @param renames names of packages in the source, and what they are called in these libraries
 * @param options options of the JVM
 */
record ServerRow(
        String server,
        String version,
        String source,
        int leastJava,
        List<String> boms,
        List<String> libraries,
        Map<String, String> renames,
        List<String> options) {

    private static final int COLUMNS = 5;

    static List<ServerRow> read(Path table) throws IOException {
        return Files.readAllLines(table).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(ServerRow::parse)
                .toList();
    }

    private static ServerRow parse(String line) {
        String[] columns = line.split("\\|", -1);
        if (columns.length != COLUMNS) {
            throw new IllegalArgumentException("not " + COLUMNS + " columns: " + line);
        }
        String version = columns[1].strip();
        List<String> boms = new ArrayList<>();
        List<String> libraries = new ArrayList<>();
        Map<String, String> renames = new LinkedHashMap<>();
        List<String> options = new ArrayList<>();
        for (String word : columns[4].strip().replace("{v}", version).split("\\s+", -1)) {
            int arrow = word.indexOf('>');
            if (word.startsWith("bom:")) {
                boms.add(word.substring("bom:".length()));
            } else if (word.startsWith("-")) {
                options.add(word);
            } else if (arrow > 0) {
                renames.put(word.substring(0, arrow), word.substring(arrow + 1));
            } else if (!word.isEmpty()) {
                libraries.add(word);
            }
        }
        return new ServerRow(
                columns[0].strip(),
                version,
                columns[2].strip(),
                Integer.parseInt(columns[3].strip()),
                boms,
                libraries,
                renames,
                options);
    }

    /** Returns a name for files. */
    String id() {
        return (server + "-" + version).replaceAll("[^A-Za-z0-9.]+", "-").replaceAll("-$", "");
    }
}
