package io.jcorn.wire;

/**
 * How large a request may be; the part of a worker's options that all engines of ours share.
 *
 * @param line the longest request line in bytes; 0: no limit but memory's
 * @param fields the most header fields, at least 1
 * @param fieldSize the longest header field in bytes; 0: no limit but memory's
 * @param head the largest head in bytes, request line and header fields together; 0: no limit but memory's
 * @param body the longest request body in bytes; 0: no limit
 */
public record RequestLimits(int line, int fields, int fieldSize, int head, long body) {

    void put(ProgramArguments arguments) {
        arguments
                .put("limit-request-line", line)
                .put("limit-request-fields", fields)
                .put("limit-request-field-size", fieldSize)
                .put("limit-request-head", head)
                .put("limit-request-body", body);
    }

    static RequestLimits from(ProgramArguments arguments) {
        return new RequestLimits(
                arguments.integer("limit-request-line"),
                arguments.integer("limit-request-fields"),
                arguments.integer("limit-request-field-size"),
                arguments.integer("limit-request-head"),
                arguments.number("limit-request-body"));
    }
}
