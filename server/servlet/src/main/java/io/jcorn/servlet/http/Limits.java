package io.jcorn.servlet.http;

import io.jcorn.wire.ServletOptions;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Holds requests to the limits on their head. Jetty's parser knows one limit, for the head as a whole: it bounds the memory that a
 * client can use up, this handler is exact.
 */
public final class Limits extends Handler.Wrapper {

    /** What a line may be long that has no limit of its own, in bytes. */
    private static final int UNLIMITED = 64 << 10;

    /** The longest head, in bytes, whatever the other limits allow. */
    private static final int LONGEST_HEAD = 1 << 20;

    /** The colon, the blank and the line's end, which belong to a header field but not to its name and value. */
    private static final int FIELD_OVERHEAD = ": \r\n".length();

    /** The blanks between the parts of a request line, and its end. */
    private static final int LINE_OVERHEAD = "  \r\n".length();

    private final int line;
    private final int fields;
    private final int fieldSize;

    /** The limits of these options. */
    public Limits(ServletOptions options) {
        line = orLongest(options.limits().line());
        fields = options.limits().fields();
        fieldSize = orLongest(options.limits().fieldSize());
    }

    private static int orLongest(int limit) {
        return limit == 0 ? LONGEST_HEAD : limit;
    }

    /** Returns how long a head may be that is parsed at all, in bytes. */
    public static int head(ServletOptions options) {
        long line = options.limits().line() == 0 ? UNLIMITED : options.limits().line();
        long field =
                options.limits().fieldSize() == 0 ? UNLIMITED : options.limits().fieldSize();
        return (int) Math.min(LONGEST_HEAD, line + field * options.limits().fields());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        int refusal = refusal(request);
        if (refusal == 0) {
            return super.handle(request, response, callback);
        }
        Response.writeError(request, response, callback, refusal);
        return true;
    }

    private int refusal(Request request) {
        int uri = request.getHttpURI().getPathQuery() == null
                ? 0
                : request.getHttpURI().getPathQuery().length();
        String version = request.getConnectionMetaData().getHttpVersion().asString();
        if (request.getMethod().length() + uri + version.length() + LINE_OVERHEAD > line) {
            return HttpStatus.URI_TOO_LONG_414;
        }
        int count = 0;
        for (HttpField field : request.getHeaders()) {
            count++;
            if (count > fields || size(field) > fieldSize) {
                return HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431;
            }
        }
        return 0;
    }

    private static int size(HttpField field) {
        String value = field.getValue();
        return field.getName().length() + (value == null ? 0 : value.length()) + FIELD_OVERHEAD;
    }
}
