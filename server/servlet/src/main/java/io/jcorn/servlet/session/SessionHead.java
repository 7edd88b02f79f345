package io.jcorn.servlet.session;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.eclipse.jetty.session.SessionData;

/**
 * What stands before the attributes in the file of a session. All times are milliseconds since 1970.
 *
 * @param created when the session began
 * @param accessed when the last request that belongs to it came
 * @param lastAccessed when the one before it came
 * @param cookieSet when the client was given its cookie
 * @param maxInactiveMillis how long it lives without a request; 0 or less: for ever
 */
record SessionHead(long created, long accessed, long lastAccessed, long cookieSet, long maxInactiveMillis) {

    /** The first bytes of every file: what it is, and the version of this layout. */
    private static final long MAGIC = 0x6a636f726e530001L;

    static SessionHead of(SessionData data) {
        return new SessionHead(
                data.getCreated(),
                data.getAccessed(),
                data.getLastAccessed(),
                data.getCookieSet(),
                data.getMaxInactiveMs());
    }

    /** Reads the head of a file. Later requests that changed nothing have left their time as the file's own. */
    static SessionHead read(DataInputStream in, long fileTime) throws IOException {
        if (in.readLong() != MAGIC) {
            throw new IOException("is not a session of this version of jcorn");
        }
        SessionHead head = new SessionHead(in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
        return head.accessedAt(fileTime);
    }

    private SessionHead accessedAt(long time) {
        return time <= accessed ? this : new SessionHead(created, time, accessed, cookieSet, maxInactiveMillis);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeLong(MAGIC);
        out.writeLong(created);
        out.writeLong(accessed);
        out.writeLong(lastAccessed);
        out.writeLong(cookieSet);
        out.writeLong(maxInactiveMillis);
    }

    /** Returns when it ends unless another request comes; 0: never. */
    long expiry() {
        return maxInactiveMillis <= 0 ? 0 : accessed + maxInactiveMillis;
    }

    boolean expiredAt(long time) {
        return maxInactiveMillis > 0 && expiry() <= time;
    }

    /** Whether the two differ in nothing but the times of requests. */
    boolean sameBut(SessionHead other) {
        return created == other.created && cookieSet == other.cookieSet && maxInactiveMillis == other.maxInactiveMillis;
    }
}
