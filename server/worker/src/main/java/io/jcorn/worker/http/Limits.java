package io.jcorn.worker.http;

/**
 * How large a request may be.
 *
 * @param requestLine the longest request line in bytes, its end not counted; 0: no limit of its own
 * @param fields the most header fields, at least 1
 * @param fieldSize the longest header field in bytes, its end not counted; 0: no limit of its own
 * @param body the longest body in bytes; 0: no limit
 */
public record Limits(int requestLine, int fields, int fieldSize, long body) {

    /** What a whole head may take whatever the other limits say: memory is the limit of last resort. */
    public static final int HEAD = 16 << 20;

    public Limits {
        requestLine = requestLine == 0 ? HEAD : requestLine;
        fieldSize = fieldSize == 0 ? HEAD : fieldSize;
        body = body == 0 ? Long.MAX_VALUE : body;
    }
}
