package io.jcorn.servlet.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Handler of the targets that Jetty maps to no servlet, or to the wrong one: {@code *}, which means the server as a whole (RFC 9110,
 * section 9.3.7), and paths with empty segments.
 *
 * <p>Empty segments are removed before a path is mapped (Jakarta Servlet 6.0, 3.5.2), so that {@code //admin} is {@code /admin} to
 * servlets, filters and security constraints alike. Jetty would keep them: the file would be found and the constraint would not.
 */
public final class Targets extends Handler.Wrapper {

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        HttpURI uri = request.getHttpURI();
        if ("*".equals(uri.getPath())) {
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
            callback.succeeded();
            return true;
        }
        return uri.hasViolation(UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT)
                ? super.handle(new Compacted(request, uri), response, callback)
                : super.handle(request, response, callback);
    }

    private static final class Compacted extends Request.Wrapper {

        private final HttpURI uri;

        Compacted(Request request, HttpURI uri) {
            super(request);
            this.uri = CompactUri.of(uri);
        }

        @Override
        public HttpURI getHttpURI() {
            return uri;
        }
    }
}
