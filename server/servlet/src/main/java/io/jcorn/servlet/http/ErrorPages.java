package io.jcorn.servlet.http;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** The error pages of requests that reach no application. They tell what the client did, not what the server is made of. */
public final class ErrorPages extends ErrorHandler {

    /** Pages without stack traces, causes and names of servlets. */
    public ErrorPages() {
        quiet(this);
    }

    /** Makes a handler's pages show no stack traces, causes and names of servlets. */
    public static void quiet(ErrorHandler pages) {
        pages.setShowStacks(false);
        pages.setShowCauses(false);
        pages.setShowOrigin(false);
    }

    /** Returns what a page says: what the application said itself, but no exception's text, which was written for a log. */
    public static String message(int code, String message, @Nullable Throwable cause) {
        return cause == null ? message : HttpStatus.getMessage(code);
    }

    @Override
    protected boolean generateAcceptableResponse(
            Request request,
            Response response,
            Callback callback,
            String contentType,
            List<Charset> charsets,
            int code,
            String message,
            @Nullable Throwable cause)
            throws IOException {
        return super.generateAcceptableResponse(
                request, response, callback, contentType, charsets, code, message(code, message, cause), null);
    }
}
