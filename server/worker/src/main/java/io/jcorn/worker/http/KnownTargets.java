package io.jcorn.worker.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The URIs of targets that were asked for lately. Most requests of a server are for a few paths, and to parse one costs more than
 * to check the whole head. Targets with a query are seldom asked for twice, and may hold what should not be kept: they are not.
 */
final class KnownTargets {

    /** Found by the bytes; all fields are final, so that a thread which finds it sees a whole URI. */
    private static final class Known {
        private final byte[] target;
        private final URI uri;

        Known(byte[] target, URI uri) {
            this.target = target;
            this.uri = uri;
        }
    }

    /** A power of two. */
    private static final int SIZE = 256;

    /** Longer ones are not remembered. */
    private static final int LONGEST = 64;

    /** Written by any thread without a lock: whoever sees an old entry, or none, only parses again. */
    private static final @Nullable Known[] KNOWN = new Known[SIZE];

    private KnownTargets() {}

    /** Returns the URI of a target that is known to be one. */
    static URI uri(byte[] array, int from, int to) {
        if (to - from > LONGEST) {
            return parse(array, from, to);
        }
        int hash = 0;
        for (int i = from; i < to; i++) {
            if (array[i] == '?') {
                return parse(array, from, to);
            }
            hash = 31 * hash + array[i];
        }
        int at = (hash ^ hash >>> 16) & SIZE - 1;
        Known known = KNOWN[at];
        if (known == null || !Arrays.equals(known.target, 0, known.target.length, array, from, to)) {
            known = new Known(Arrays.copyOfRange(array, from, to), parse(array, from, to));
            KNOWN[at] = known;
        }
        return known.uri;
    }

    private static URI parse(byte[] array, int from, int to) {
        return URI.create(new String(array, from, to - from, StandardCharsets.ISO_8859_1));
    }
}
