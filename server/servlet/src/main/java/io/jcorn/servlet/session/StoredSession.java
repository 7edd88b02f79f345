package io.jcorn.servlet.session;

import java.util.Arrays;
import org.eclipse.jetty.session.SessionData;

/** A session that knows what its attributes looked like when they were read, so that a request that changes none writes none. */
final class StoredSession extends SessionData {

    private static final byte[] NEVER = new byte[0];

    private transient byte[] stored = NEVER;

    StoredSession(String id, String contextPath, String vhost, SessionHead head) {
        super(id, contextPath, vhost, head.created(), head.accessed(), head.lastAccessed(), head.maxInactiveMillis());
        setCookieSet(head.cookieSet());
        setExpiry(head.expiry());
    }

    void stored(byte[] attributes) {
        stored = attributes;
    }

    /** Whether these are the attributes that the store has, changes inside of them included. */
    boolean sameAs(byte[] attributes) {
        return stored.length > 0 && Arrays.equals(stored, attributes);
    }
}
