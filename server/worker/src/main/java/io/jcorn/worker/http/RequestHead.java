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
    private final Version version;
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
        this.version = framing.version();
        this.bodyLength = framing.bodyLength();
        this.persistent = framing.persistent();
        this.expectContinue = framing.expectContinue();
        if (framing.uri() != null) {
            this.uri = framing.uri();
        }
    }

    private RequestHead(RequestHead other, Version version) {
        this.array = other.array;
        this.base = other.base;
        this.targetStart = other.targetStart;
        this.targetEnd = other.targetEnd;
        this.fields = other.fields;
        this.method = other.method;
        this.version = version;
        this.bodyLength = other.bodyLength;
        this.persistent = other.persistent;
        this.expectContinue = other.expectContinue;
        this.uri = other.uri;
    }

    /** Returns the same head as one that came in another protocol. */
    RequestHead in(Version version) {
        return new RequestHead(this, version);
    }

    /** Returns the method as it was sent; methods are case-sensitive. */
    public String method() {
        return method;
    }

    /** Returns the request target as it was sent. */
    public String target() {
        return text(targetStart, targetEnd);
    }

    /**
     * Returns the request target as a URI: what it may not have is escaped. A path that begins with two slashes is one with the
     * host that was asked for, {@code //host//path}.
     */
    public URI uri() {
        URI uri = this.uri;
        if (uri == null) {
            uri = newUri(base + targetStart, base + targetEnd);
            this.uri = uri;
        }
        return uri;
    }

    private URI newUri(int from, int to) {
        if (to - from < 2 || array[from] != '/' || array[from + 1] != '/') {
            return KnownTargets.uri(array, from, to);
        }
        try {
            return Target.path(array, from, to, first("host"));
        } catch (Refused refused) {
            throw new IllegalStateException("a target that was checked is none", refused);
        }
    }

    /** Returns the protocol that the request came in. */
    public Version version() {
        return version;
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
        int field = indexOf(name.toLowerCase(Locale.ROOT));
        return field < 0 ? null : fieldValue(field);
    }

    /** Returns the number of the first field of a name, which is given in lower case; -1 if there is none. */
    public int indexOf(String lowerCaseName) {
        int count = fieldCount();
        for (int field = 0; field < count; field++) {
            if (named(field, lowerCaseName)) {
                return field;
            }
        }
        return -1;
    }

    /** Returns how many bytes the name of a field has: enough to know that it is not the one looked for, mostly. */
    public int nameLength(int field) {
        return fields[field * FieldIndex.STRIDE + 1] - fields[field * FieldIndex.STRIDE];
    }

    /** Whether a field has a name, which is given in lower case. */
    public boolean named(int field, String lowerCaseName) {
        int at = field * FieldIndex.STRIDE;
        return Octets.spells(array, base + fields[at], base + fields[at + 1], lowerCaseName);
    }

    /** Returns the bytes that hold the head, for whoever copies a part of it. Not to be written to. */
    public byte[] octets() {
        return array;
    }

    /** Returns where in {@link #octets} the target begins. */
    public int targetStart() {
        return base + targetStart;
    }

    /** Returns the index in {@link #octets} after the target. */
    public int targetEnd() {
        return base + targetEnd;
    }

    /** Returns where in {@link #octets} the value of a field begins. */
    public int valueStart(int field) {
        return base + fields[field * FieldIndex.STRIDE + 2];
    }

    /** Returns the index in {@link #octets} after the value of a field. */
    public int valueEnd(int field) {
        return base + fields[field * FieldIndex.STRIDE + 3];
    }

    /** Returns all values of a header field by its name in lower case, in order; none: an empty list. */
    public List<String> all(String lowerCaseName) {
        List<String> values = List.of();
        int count = fieldCount();
        for (int field = 0; field < count; field++) {
            if (named(field, lowerCaseName)) {
                values = values.isEmpty() ? new ArrayList<>(1) : values;
                values.add(fieldValue(field));
            }
        }
        return values;
    }

    /** Returns how many header fields have one of these names, given in lower case. */
    public int count(String[] lowerCaseNames) {
        int count = 0;
        for (int field = fieldCount() - 1; field >= 0; field--) {
            for (String name : lowerCaseNames) {
                if (named(field, name)) {
                    count++;
                }
            }
        }
        return count;
    }

    // Octets above 127 have no meaning that the protocol gives (obs-text): they are kept one to one.
    private String text(int from, int to) {
        return new String(array, base + from, to - from, StandardCharsets.ISO_8859_1);
    }
}
