package io.jcorn.worker.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The head of one request, checked, as the bytes in which it came: an element becomes an object when somebody asks for it.
 * Immutable in effect and safe to share between threads.
 */
public final class RequestHead {

    private final byte[] array;
    private final int base;
    private final int targetStart;
    private final int targetEnd;
    private final int[] fields;
    private final String method;
    private final boolean http11;
    private final long bodyLength;
    private final boolean persistent;
    private final boolean expectContinue;
    private volatile @Nullable URI uri;

    RequestHead(byte[] array, int base, int targetStart, int versionStart, int[] fields, Framing framing) {
        this.array = array;
        this.base = base;
        this.targetStart = targetStart;
        this.targetEnd = versionStart - 1;
        this.fields = fields;
        this.method = framing.method();
        this.http11 = framing.http11();
        this.bodyLength = framing.bodyLength();
        this.persistent = framing.persistent();
        this.expectContinue = framing.expectContinue();
        this.uri = framing.uri();
    }

    /** Returns the method as it was sent; methods are case-sensitive. */
    public String method() {
        return method;
    }

    /** Returns the request target as it was sent. */
    public String target() {
        return text(targetStart, targetEnd);
    }

    /** Returns the request target as a URI. */
    public URI uri() {
        URI uri = this.uri;
        if (uri == null) {
            uri = URI.create(target());
            this.uri = uri;
        }
        return uri;
    }

    /** Whether this is HTTP/1.1; otherwise it is HTTP/1.0. */
    public boolean http11() {
        return http11;
    }

    /** Returns how long the body is in bytes, 0 if there is none, -1 if it is chunked. */
    public long bodyLength() {
        return bodyLength;
    }

    /** Whether the client expects the connection to stay open after the response. */
    public boolean persistent() {
        return persistent;
    }

    /** Whether the client waits for a 100 before it sends the body. */
    public boolean expectContinue() {
        return expectContinue;
    }

    /** Returns how many header fields there are, repeated ones counted each time. */
    public int fieldCount() {
        return fields.length / FieldIndex.STRIDE;
    }

    /** Returns the name of a header field, 0..{@link #fieldCount}-1, as it was sent. */
    public String fieldName(int field) {
        return text(fields[field * FieldIndex.STRIDE], fields[field * FieldIndex.STRIDE + 1]);
    }

    /** Returns the value of a header field, 0..{@link #fieldCount}-1, without the space around it. */
    public String fieldValue(int field) {
        return text(fields[field * FieldIndex.STRIDE + 2], fields[field * FieldIndex.STRIDE + 3]);
    }

    /** Returns the first value of a header field by its name in whatever case, or null. */
    public @Nullable String first(String name) {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        for (int at = 0; at < fields.length; at += FieldIndex.STRIDE) {
            if (named(at, lowerCase)) {
                return text(fields[at + 2], fields[at + 3]);
            }
        }
        return null;
    }

    /** Returns all values of a header field by its name in lower case, in order; none: an empty list. */
    public List<String> all(String lowerCaseName) {
        List<String> values = List.of();
        for (int at = 0; at < fields.length; at += FieldIndex.STRIDE) {
            if (named(at, lowerCaseName)) {
                values = values.isEmpty() ? new ArrayList<>(1) : values;
                values.add(text(fields[at + 2], fields[at + 3]));
            }
        }
        return values;
    }

    /** Returns how many header fields have one of these names, given in lower case. */
    public int count(String[] lowerCaseNames) {
        int count = 0;
        for (int at = 0; at < fields.length; at += FieldIndex.STRIDE) {
            for (String name : lowerCaseNames) {
                if (named(at, name)) {
                    count++;
                }
            }
        }
        return count;
    }

    private boolean named(int at, String lowerCaseName) {
        return Octets.spells(array, base + fields[at], base + fields[at + 1], lowerCaseName);
    }

    // Octets above 127 have no meaning that the protocol gives (obs-text): they are kept one to one.
    private String text(int from, int to) {
        return new String(array, base + from, to - from, StandardCharsets.ISO_8859_1);
    }
}
