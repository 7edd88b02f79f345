package io.jcorn.servlet.ee11;

import io.jcorn.servlet.http.ErrorPages;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** The error pages of an application that has none of its own. */
final class Ee11ErrorPages extends ErrorPageErrorHandler {

    Ee11ErrorPages() {
        ErrorPages.quiet(this);
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
                request,
                response,
                callback,
                contentType,
                charsets,
                code,
                ErrorPages.message(code, message, cause),
                null);
    }
}
