package io.jcorn.worker.exchange;

import com.sun.net.httpserver.Headers;
import io.jcorn.worker.http.Bytes;
import io.jcorn.worker.http.ResponseHead.Framing;
import io.jcorn.worker.http.Status;
import io.jcorn.worker.websocket.Opening;
import java.nio.charset.StandardCharsets;

/** A whole response that the server gives in the place of the application: its status in words, and why. */
final class PlainAnswer {

    private final int status;
    private final byte[] body;
    private final int retryAfter;

    /**
     * An answer.
     *
     * @param reason what follows the status, or nothing
     * @param retryAfter seconds after which the client may try again; 0: nothing is said of that
     */
    PlainAnswer(int status, String reason, int retryAfter) {
        String text = Status.reason(status) + (reason.isEmpty() ? "" : ": " + reason) + "\n";
        this.status = status;
        this.body = text.getBytes(StandardCharsets.UTF_8);
        this.retryAfter = retryAfter;
    }

    /** Returns how long the body is, in bytes. */
    int length() {
        return body.length;
    }

    /**
     * Writes it, as the carrier has it written.
     *
     * @param stays whether the connection stays open
     * @param isHead whether only the head is asked for
     */
    Bytes encode(Carrier carrier, boolean stays, boolean isHead) {
        Headers headers = new Headers();
        headers.set("Content-Type", "text/plain; charset=utf-8");
        if (retryAfter > 0) {
            headers.set("Retry-After", Integer.toString(retryAfter));
        }
        if (status == 426) {
            Opening.advertise(headers);
        }
        Bytes out = new Bytes(256 + body.length);
        carrier.head(out, status, headers, Framing.LENGTH, body.length, stays);
        return isHead ? out : out.append(body);
    }
}
