package io.jcorn.wire;

/**
 * When the application gets a request, and how long it may keep it; a part of the options of a {@code handler} worker.
 *
 * @param bodyBuffer how much of a request's body is collected before the application gets the request, in bytes; 0: nothing
 * @param queue the most requests that wait for a thread, or, where each has its own, the most in the application; 0: no limit
 * @param queueMillis how long a request may wait for a thread, in milliseconds; 0: no limit
 * @param requestMillis how long the application may take, in milliseconds; 0: no limit
 * @param asyncMillis how long an exchange may stand still that its handler has left to another thread, in milliseconds; 0: no
 *     limit
 */
public record Admission(int bodyBuffer, int queue, long queueMillis, long requestMillis, long asyncMillis) {

    void put(ProgramArguments arguments) {
        arguments
                .put("body-buffer", bodyBuffer)
                .put("queue", queue)
                .put("queue-timeout-millis", queueMillis)
                .put("request-timeout-millis", requestMillis)
                .put("async-timeout-millis", asyncMillis);
    }

    static Admission from(ProgramArguments arguments) {
        return new Admission(
                arguments.integer("body-buffer"),
                arguments.integer("queue"),
                arguments.number("queue-timeout-millis"),
                arguments.number("request-timeout-millis"),
                arguments.number("async-timeout-millis"));
    }
}
