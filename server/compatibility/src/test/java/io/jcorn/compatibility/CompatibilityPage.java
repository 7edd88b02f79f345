package io.jcorn.compatibility;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The page that is made of the outcomes, in the order of the table. */
final class CompatibilityPage {

    private static final String HEAD = """
            # Compatibility

            Servers of other people that run unmodified under jcorn, as the last run of the standing test found them. This page is generated
            from its results (`server/compatibility/target/outcomes/*.json`); do not edit it. To run it, for hours, over all rows:

            ```
            ./jcorn --version && ./mvnw -B -ntp -Pcompatibility -pl server/compatibility -am test
            ```

            `-Dcompatibility.rows=REGEX` takes the rows whose name and version match, `-Dcompatibility.java=17` one Java. The rows are in
            [server/compatibility/servers.txt](../server/compatibility/servers.txt): a version more is a line more.

            Each server lives once by itself and once under jcorn with two workers, Java as the column says:

            - **adopted**: how many of the two workers answer on the one port.
            - **reload**: `HUP` under six clients without pause, of which four keep their connections, and four that ask for what takes a second.
              Requests, and in brackets those with a *wrong* answer or none on a fresh connection, kept connections that ended without an
              answer (RFC 9112 §9.3.1: the client's to repeat), and requests that were *executed* though their client got no answer. Then the
              requests of a second, and those that failed.
            - **kill -9**: how many workers answer after one was killed.
            - **stop**: of six requests that take a second how many got their answer through `TERM`; in brackets, when the server is by itself.
              Then the exit code.

            | server | version | Java | adopted | reload: requests (wrong, cut, executed) | 1 s (failed) | kill -9 | stop | exit |
            |---|---|---|---|---|---|---|---|---|
            """;

    private CompatibilityPage() {}

    /** Writes the page of all outcomes that are there. */
    static void write(List<ServerRow> rows, Path outcomes, Path page) throws IOException {
        StringBuilder text = new StringBuilder(HEAD);
        List<String> missing = new ArrayList<>();
        int lived = 0;
        for (ServerRow row : rows) {
            boolean tried = false;
            for (int java : Javas.homes().keySet()) {
                Path file = outcomes.resolve(row.id() + "-java" + java + ".json");
                if (Files.exists(file)) {
                    tried = true;
                    Outcome outcome = Outcome.read(file);
                    if (outcome.get("resolved").equals("true")) {
                        text.append(line(outcome));
                        lived++;
                    } else {
                        missing.add("- " + row.server() + " " + row.version() + ": " + outcome.get("problem"));
                        break;
                    }
                }
            }
            if (!tried) {
                missing.add("- " + row.server() + " " + row.version() + ": not run");
            }
        }
        text.append('\n').append(lived).append(" lives.\n");
        if (!missing.isEmpty()) {
            text.append("\n## Without a result\n\n")
                    .append(String.join("\n", missing))
                    .append('\n');
        }
        Files.writeString(page, text);
    }

    private static String line(Outcome o) {
        String life = "| %s | %s | %s | ".formatted(o.get("server"), o.get("version"), o.get("java"));
        if (!o.get("ready").equals("true")) {
            String problem = o.get("plain").equals("serves") ? o.get("problem") : "does not start by itself either";
            return life + "**no** | " + problem.replace("|", "\\|") + " | | | | " + o.get("exit") + " |\n";
        }
        return life
                + "%s of 2 | %s (%s, %s, %s)%s | %s (%s) | %s of 2 | %s of 6 (%s) | %s%s |\n"
                        .formatted(
                                o.get("serving"),
                                o.get("requests"),
                                bold(o, "wrong"),
                                o.get("cut"),
                                bold(o, "executedUnanswered"),
                                o.get("reload").equals("complete") ? "" : " **reload failed**",
                                o.get("slow"),
                                bold(o, "slowFailed"),
                                o.get("servingAfterKill"),
                                o.get("finished"),
                                o.get("plainFinished"),
                                o.get("exit"),
                                remains(o));
    }

    private static String bold(Outcome outcome, String name) {
        String value = outcome.get(name);
        return value.equals("0") ? value : "**" + value + "**";
    }

    private static String remains(Outcome outcome) {
        String left = outcome.get("left").equals("0") ? "" : ", **" + outcome.get("left") + " processes left**";
        return outcome.get("portFree").equals("true") ? left : left + ", **port taken**";
    }
}
