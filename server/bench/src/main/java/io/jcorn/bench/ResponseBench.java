package io.jcorn.bench;

import com.sun.net.httpserver.Headers;
import io.jcorn.worker.http.Bytes;
import io.jcorn.worker.http.ResponseHead;
import io.jcorn.worker.http.ResponseHeaders;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The head of a response as bytes, names and values checked. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ResponseBench {

    private final Bytes out = new Bytes(1024);
    private final Headers one = new ResponseHeaders();
    private final Headers eight = new ResponseHeaders();

    /** Sets the headers. */
    public ResponseBench() {
        one.set("Content-Type", "text/plain");
        for (String name : new String[] {
            "Content-Type", "Cache-Control", "ETag", "Vary", "X-Frame-Options", "Set-Cookie", "Last-Modified", "Link"
        }) {
            eight.set(name, "a value of some thirty characters");
        }
    }

    /** A status, a type, a length. */
    @Benchmark
    public int oneField() {
        out.clear();
        ResponseHead.append(out, 200, one, ResponseHead.Framing.LENGTH, 13, true, true);
        return out.length();
    }

    /** Eight fields of the application. */
    @Benchmark
    public int eightFields() {
        out.clear();
        ResponseHead.append(out, 200, eight, ResponseHead.Framing.CHUNKED, -1, true, true);
        return out.length();
    }
}
