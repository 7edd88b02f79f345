package io.jcorn.wire;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the lines of requests go, and what they look like; the part of a worker's options that the access log needs.
 *
 * @param output whether there is a log, and where
 * @param file the file for {@link Output#FILE}
 * @param format what lines look like, in the language of {@code io.jcorn.wire.access}, which knows options and not the other way round
 */
public record AccessLogOptions(Output output, Optional<Path> file, String format) {

    /** What gunicorn writes by default: the combined log format. */
    public static final String COMBINED = "%(h)s %(l)s %(u)s %(t)s \"%(r)s\" %(s)s %(b)s \"%(f)s\" \"%(a)s\"";

    /** Where lines can go. */
    public enum Output {
        /** Nowhere. */
        NONE,
        /** A file that all workers append to. */
        FILE,
        /** Standard output, which the workers have from the master. */
        STANDARD_OUTPUT
    }

    /** No access log. */
    public static final AccessLogOptions NONE = new AccessLogOptions(Output.NONE, Optional.empty(), COMBINED);

    /** Whether there is an access log. */
    public boolean wanted() {
        return output != Output.NONE;
    }

    void put(ProgramArguments arguments) {
        arguments
                .put("access-log", output + ":" + file.map(Path::toString).orElse(""))
                .put("access-format", format);
    }

    static AccessLogOptions from(ProgramArguments arguments) {
        String where = arguments.one("access-log");
        int colon = where.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("--access-log=" + where + " is not OUTPUT:FILE");
        }
        String file = where.substring(colon + 1);
        return new AccessLogOptions(
                Output.valueOf(where.substring(0, colon)),
                file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file)),
                arguments.one("access-format"));
    }
}
