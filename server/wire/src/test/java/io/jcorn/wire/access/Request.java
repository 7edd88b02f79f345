package io.jcorn.wire.access;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** A request of a test; texts stand for bytes, one character each. */
final class Request implements AccessSource {

    String client = "10.0.0.7";
    String method = "GET";
    String target = "/a?b=c";
    String version = "HTTP/1.1";
    String user;
    final Map<String, String> fields = new HashMap<>();
    final Map<String, String> responseFields = new HashMap<>();
    int status = 200;
    long bodyBytes = 13;
    long durationNanos = 1_234_567_890L;
    long endMillis = 1_795_726_473_045L;
    String end;

    private static void set(Slice into, String value) {
        if (value != null) {
            byte[] bytes = ("xx" + value + "yy").getBytes(StandardCharsets.ISO_8859_1);
            into.set(bytes, 2, bytes.length - 2);
        }
    }

    @Override
    public void client(Slice into) {
        set(into, client);
    }

    @Override
    public void method(Slice into) {
        set(into, method);
    }

    @Override
    public void target(Slice into) {
        set(into, target);
    }

    @Override
    public void version(Slice into) {
        set(into, version);
    }

    @Override
    public void user(Slice into) {
        set(into, user);
    }

    @Override
    public void requestField(String lowerCaseName, Slice into) {
        set(into, fields.get(lowerCaseName));
    }

    @Override
    public void responseField(String lowerCaseName, Slice into) {
        set(into, responseFields.get(lowerCaseName));
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public long bodyBytes() {
        return bodyBytes;
    }

    @Override
    public long durationNanos() {
        return durationNanos;
    }

    @Override
    public long endMillis() {
        return endMillis;
    }

    @Override
    public String end() {
        return end;
    }
}
