package io.jcorn.wire;

/**
 * How long clients may take; a part of the options of a {@code handler} worker. All times in milliseconds.
 *
 * @param keepAliveMillis how long an idle connection stays open; 0 closes after each response
 * @param headMillis how long a request's head may take to arrive, at least 1
 */
public record Deadlines(long keepAliveMillis, long headMillis) {

    void put(ProgramArguments arguments) {
        arguments.put("keep-alive-millis", keepAliveMillis).put("head-timeout-millis", headMillis);
    }

    static Deadlines from(ProgramArguments arguments) {
        return new Deadlines(arguments.number("keep-alive-millis"), arguments.number("head-timeout-millis"));
    }
}
