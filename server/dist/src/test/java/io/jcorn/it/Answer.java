package io.jcorn.it;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A complete answer.
 *
 * @param status the status code
 * @param headers by name in lower case; of several with one name the last
 * @param body the decoded body
 */
public record Answer(int status, Map<String, String> headers, String body) {

    private static final Pattern PID = Pattern.compile("(?:pid=|\\A(?=[0-9]+\\Z))([0-9]+)");
    private static final Pattern GENERATION = Pattern.compile("generation=([0-9]+)");

    /** Returns the process id of the worker that answered, if the body tells it, or is nothing else; else 0. */
    public long pid() {
        return number(PID);
    }

    /** Returns the generation of the worker that answered, if the application tells it; else 0. */
    public int generation() {
        return (int) number(GENERATION);
    }

    /** Whether the server says that this was the last answer on its connection. */
    public boolean last() {
        return headers.getOrDefault("connection", "").equalsIgnoreCase("close");
    }

    private long number(Pattern pattern) {
        Matcher matcher = pattern.matcher(body);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }
}
