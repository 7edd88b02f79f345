package io.jcorn.worker.http;

/**
 * How large a request may be.
 *
 * @param requestLine the longest request line in bytes, its end not counted; 0: no limit but the head's
 * @param fields the most header fields, at least 1
 * @param fieldSize the longest header field in bytes, its end not counted; 0: no limit but the head's
 * @param head the largest head in bytes, and the largest section of trailers; 0: {@link #LARGEST_HEAD}
 * @param body the longest body in bytes; 0: no limit
 */
public record Limits(int requestLine, int fields, int fieldSize, int head, long body) {

    /** What a head may take where no limit is set, in bytes: memory is the limit of last resort. */
    static final int LARGEST_HEAD = 16 << 20;

    public Limits {
        head = head == 0 ? LARGEST_HEAD : head;
        requestLine = requestLine == 0 ? head : requestLine;
        fieldSize = fieldSize == 0 ? head : fieldSize;
        body = body == 0 ? Long.MAX_VALUE : body;
    }
}
