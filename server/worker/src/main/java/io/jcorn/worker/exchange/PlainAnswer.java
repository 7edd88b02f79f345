package io.jcorn.worker.exchange;

import com.sun.net.httpserver.Headers;
import io.jcorn.worker.http.Bytes;
import io.jcorn.worker.http.RequestHead;
import io.jcorn.worker.http.ResponseHead;
import io.jcorn.worker.http.Status;
import java.nio.charset.StandardCharsets;

/** A whole response that the server gives in the place of the application: its status in words, and why. */
final class PlainAnswer {

    private PlainAnswer() {}

    /**
     * Writes it.
     *
     * @param reason what follows the status, or nothing
     * @param retryAfter seconds after which the client may try again; 0: nothing is said of that
     * @param stays whether the connection stays open
     */
    static Bytes of(RequestHead head, int status, String reason, int retryAfter, boolean stays) {
        String text = Status.reason(status) + (reason.isEmpty() ? "" : ": " + reason) + "\n";
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        Headers headers = new Headers();
        headers.set("Content-Type", "text/plain; charset=utf-8");
        if (retryAfter > 0) {
            headers.set("Retry-After", Integer.toString(retryAfter));
        }
        Bytes out = new Bytes(256 + body.length);
        ResponseHead.append(out, status, headers, ResponseHead.Framing.LENGTH, body.length, stays, head.http11());
        if (!head.method().equals("HEAD")) {
            out.append(body);
        }
        return out;
    }
}
