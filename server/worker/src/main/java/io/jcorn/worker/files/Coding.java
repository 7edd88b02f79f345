package io.jcorn.worker.files;

import java.util.List;
import java.util.Locale;

/** Content codings that a file may have been compressed with beforehand, the best one first: RFC 9110 §8.4.1, RFC 7932, RFC 8878. */
enum Coding {
    BR(".br"),
    ZSTD(".zst"),
    GZIP(".gz");

    private static final int ABSENT = -1;
    private static final int FULL = 1000;

    private final String suffix;

    Coding(String suffix) {
        this.suffix = suffix;
    }

    /** Returns what the file's name ends with. */
    String suffix() {
        return suffix;
    }

    /** Returns its name in HTTP. */
    String token() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns how welcome this coding is, in thousandths: RFC 9110 §12.5.3.
     *
     * @param accepted the lines of {@code Accept-Encoding}
     */
    int quality(List<String> accepted) {
        int own = quality(accepted, token());
        if (own == ABSENT && this == GZIP) {
            own = quality(accepted, "x-gzip");
        }
        return Math.max(0, own == ABSENT ? quality(accepted, "*") : own);
    }

    /** Returns how welcome the file is as it is. Who does not say likes it less than any coding that he names. */
    static int identity(List<String> accepted) {
        return Math.max(0, quality(accepted, "identity"));
    }

    private static int quality(List<String> lines, String token) {
        for (String line : lines) {
            for (String member : line.split(",", -1)) {
                int semicolon = member.indexOf(';');
                String name = semicolon < 0 ? member : member.substring(0, semicolon);
                if (name.strip().equalsIgnoreCase(token)) {
                    return semicolon < 0 ? FULL : weight(member.substring(semicolon + 1));
                }
            }
        }
        return ABSENT;
    }

    /** RFC 9110 §12.4.2. What is no weight is none: who cannot say what he wants gets the file as it is. */
    private static int weight(String text) {
        String weight = text.strip();
        if (!weight.matches("[qQ]=(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)")) {
            return 0;
        }
        return Math.round(Float.parseFloat(weight.substring(2)) * FULL);
    }
}
