package io.jcorn.master.settings;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** What the user probably meant. */
public final class Nearest {

    private Nearest() {}

    /**
     * Returns the name that is nearest to what was written: at most a third of its letters, and at least one, may be
     * wrong, missing, superfluous or swapped with their neighbour; else the only one that begins with it. Case, and underscores for hyphens, count nothing.
     */
    public static Optional<String> of(String written, Collection<String> names) {
        String wanted = fold(written);
        String best = null;
        int least = Math.max(1, wanted.length() / 3) + 1;
        // Of two that are equally near the alphabet decides: sets have no order of their own.
        for (String name : new TreeSet<>(names)) {
            int distance = distance(wanted, fold(name));
            if (distance < least) {
                best = name;
                least = distance;
            }
        }
        return Optional.ofNullable(best).or(() -> onlyOneThatBegins(wanted, names));
    }

    /** {@code --graceful} is far from {@code --graceful-timeout}, and yet it can mean nothing else. */
    private static Optional<String> onlyOneThatBegins(String wanted, Collection<String> names) {
        List<String> beginning =
                names.stream().filter(name -> fold(name).startsWith(wanted)).toList();
        return wanted.length() >= 3 && beginning.size() == 1 ? Optional.of(beginning.get(0)) : Optional.empty();
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The Damerau-Levenshtein distance in its restricted form (optimal string alignment). */
    static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replaced, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
