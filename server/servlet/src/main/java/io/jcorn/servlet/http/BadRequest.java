package io.jcorn.servlet.http;

import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;

/** Refusals with 400, each with its reason. */
final class BadRequest {

    private BadRequest() {}

    /** Returns what to throw. */
    static HttpException.RuntimeException because(String reason) {
        return new HttpException.RuntimeException(HttpStatus.BAD_REQUEST_400, reason);
    }
}
