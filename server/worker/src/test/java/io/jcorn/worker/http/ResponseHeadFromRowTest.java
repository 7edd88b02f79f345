package io.jcorn.worker.http;

import com.sun.net.httpserver.Headers;

/** The same heads, from headers in a row. */
class ResponseHeadFromRowTest extends ResponseHeadTest {
    @Override
    Headers newHeaders() {
        return new ResponseHeaders();
    }
}
