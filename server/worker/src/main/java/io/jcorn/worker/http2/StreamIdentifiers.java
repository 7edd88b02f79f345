package io.jcorn.worker.http2;

/**
 * Identifiers of streams that the client has passed over. A client that opens a stream closes all idle ones below it, so that it
 * can never open those any more (RFC 9113 §5.1.1): an attempt is an error of the connection, while a frame for a stream that
 * was open once is an error of that stream at most.
 *
 * <p>Clients count without gaps, so this is empty for nearly all. Of a client that leaves many gaps only the latest are known.
 */
final class StreamIdentifiers {

    private static final int GAPS = 16;

    private int highest = -1;

    /** Pairs of the first and the last identifier of a gap. */
    private int[] gaps = {};

    private int next;

    /**
     * Notes that a header block came for a stream.
     *
     * @param created the highest identifier of a stream that the codec has created; 0: none
     * @return false if the client has passed this stream over before
     */
    boolean use(int id, int created) {
        highest = Math.max(highest, created > 0 ? created : -1);
        if (id > highest) {
            if (id > highest + 2) {
                remember(highest + 2, id - 2);
            }
            highest = id;
            return true;
        }
        for (int i = 0; i < gaps.length; i += 2) {
            if (gaps[i] <= id && id <= gaps[i + 1]) {
                return false;
            }
        }
        return true;
    }

    private void remember(int first, int last) {
        if (gaps.length == 0) {
            gaps = new int[2 * GAPS];
        }
        gaps[next] = first;
        gaps[next + 1] = last;
        next = (next + 2) % gaps.length;
    }
}
