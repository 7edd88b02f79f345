package io.jcorn.worker.http2;

import com.sun.net.httpserver.Headers;
import io.jcorn.worker.http.ResponseHead;
import io.jcorn.worker.http.ResponseHead.Framing;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;

/** Heads of responses as HTTP/2 has them. Made on the thread of the application, compressed on the event loop. */
final class ResponseFields implements ResponseHead.Sink {

    private static final AsciiString[] NONE = {};

    private static final AsciiString OK = AsciiString.cached("200");

    private final List<AsciiString> fields = new ArrayList<>(12);

    private ResponseFields() {}

    static Http2Headers of(int status, Headers headers, Framing framing, long length) {
        ResponseFields fields = new ResponseFields();
        ResponseHead.fields(status, headers, framing, length, fields);
        return fields.headers(status);
    }

    /** A head that others follow, without a field of ours. */
    static Http2Headers interim(int status, Headers headers) {
        ResponseFields fields = new ResponseFields();
        ResponseHead.interimFields(headers, fields);
        return fields.headers(status);
    }

    private Http2Headers headers(int status) {
        AsciiString code = status == 200 ? OK : new AsciiString(Integer.toString(status));
        // Not validated once more: ResponseHead has checked every byte.
        return ReadOnlyHttp2Headers.serverHeaders(false, code, fields.toArray(NONE));
    }

    @Override
    public void field(String name, String value) {
        fields.add(new AsciiString(name));
        fields.add(new AsciiString(value));
    }
}
