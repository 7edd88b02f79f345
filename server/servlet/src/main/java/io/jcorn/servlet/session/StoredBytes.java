package io.jcorn.servlet.session;

/** A session as it is stored: its head, and its attributes as they were serialised. */
final class StoredBytes {

    private final SessionHead head;
    private final long written;
    private final byte[] attributes;

    StoredBytes(SessionHead head, long written, byte[] attributes) {
        this.head = head;
        this.written = written;
        this.attributes = attributes;
    }

    SessionHead head() {
        return head;
    }

    /** Returns when it was written or touched last, in milliseconds since 1970. */
    long written() {
        return written;
    }

    byte[] attributes() {
        return attributes;
    }
}
