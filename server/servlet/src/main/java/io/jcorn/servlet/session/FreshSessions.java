package io.jcorn.servlet.session;

import org.eclipse.jetty.session.ManagedSession;
import org.eclipse.jetty.session.NullSessionCache;
import org.eclipse.jetty.session.SessionManager;
import org.eclipse.jetty.util.thread.AutoLock;

/**
 * No cache: each request reads its session, since another worker may have served the one before, and what it changed is stored before
 * its response leaves, since the client's next request may come sooner than the end of this one. Jetty's own stores it that early only
 * when an attribute was set; here a change inside of an object counts as well.
 */
final class FreshSessions extends NullSessionCache {

    FreshSessions(SessionManager manager) {
        super(manager);
    }

    @Override
    @SuppressWarnings("try") // The lock is there to be held.
    public void commit(ManagedSession session) throws Exception {
        if (session == null) {
            return;
        }
        try (AutoLock lock = session.lock()) {
            if (session.isValid()) {
                session.onSessionPassivation();
                getSessionDataStore().store(session.getId(), session.getSessionData());
                session.onSessionActivation();
            }
        }
    }
}
