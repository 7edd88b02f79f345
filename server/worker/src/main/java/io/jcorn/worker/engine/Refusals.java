package io.jcorn.worker.engine;

import com.sun.net.httpserver.Headers;
import io.jcorn.worker.http.Bytes;
import io.jcorn.worker.http.Refused;
import io.jcorn.worker.http.ResponseHead;
import io.jcorn.worker.http.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/** Responses that the engine gives without the application. */
final class Refusals {

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private Refusals() {}

    /** Returns the answer to a request that the application never sees; to a HEAD, its head only. */
    static ByteBuf response(ByteBufAllocator allocator, Refused refusal, boolean toHead) {
        byte[] body = body(refusal);
        Headers headers = new Headers();
        headers.set("Content-Type", "text/plain; charset=utf-8");
        Bytes out = new Bytes(256 + body.length);
        ResponseHead.append(out, refusal.status(), headers, ResponseHead.Framing.LENGTH, body.length, false, true);
        if (!toHead) {
            out.append(body);
        }
        return allocator.directBuffer(out.length()).writeBytes(out.array(), 0, out.length());
    }

    /** Returns how many bytes the body of the response has. */
    static int bodyLength(Refused refusal) {
        return body(refusal).length;
    }

    private static byte[] body(Refused refusal) {
        String text = Status.reason(refusal.status()) + ": " + refusal.reason() + "\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static ByteBuf goOn(ByteBufAllocator allocator) {
        return allocator.directBuffer(CONTINUE.length).writeBytes(CONTINUE);
    }
}
