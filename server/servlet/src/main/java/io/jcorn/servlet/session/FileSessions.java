package io.jcorn.servlet.session;

import io.jcorn.wire.Log;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.session.AbstractSessionDataStore;
import org.eclipse.jetty.session.SessionContext;
import org.eclipse.jetty.session.SessionData;
import org.eclipse.jetty.session.UnreadableSessionDataException;
import org.jspecify.annotations.Nullable;

/**
 * Sessions in a folder that all workers share. Jetty's own file store remembers which files there are, and so does not see those
 * that other processes make.
 */
final class FileSessions extends AbstractSessionDataStore {

    private final Path root;
    private final Log log;
    private final Attributes attributes;
    private @Nullable SessionFolder folder;

    FileSessions(Path root, Log log) {
        this.root = root;
        this.log = log;
        attributes = new Attributes(log);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        folder = new SessionFolder(root, _context.getCanonicalContextPath());
    }

    private SessionFolder folder() {
        SessionFolder folder = this.folder;
        if (folder == null) {
            throw new IllegalStateException("The store of sessions has not started");
        }
        return folder;
    }

    @Override
    public boolean isPassivating() {
        return true;
    }

    @Override
    public SessionData newSessionData(
            String id, long created, long accessed, long lastAccessed, long maxInactiveMillis) {
        SessionContext context = _context;
        return new StoredSession(
                id,
                context.getCanonicalContextPath(),
                context.getVhost(),
                new SessionHead(created, accessed, lastAccessed, 0, maxInactiveMillis));
    }

    @Override
    public boolean doExists(String id) throws Exception {
        return folder().head(id)
                .filter(head -> !head.expiredAt(System.currentTimeMillis()))
                .isPresent();
    }

    @Override
    public @Nullable SessionData doLoad(String id) throws Exception {
        try {
            Optional<StoredBytes> stored = folder().read(id);
            return stored.isEmpty() ? null : session(id, stored.get());
        } catch (IOException | ClassNotFoundException | RuntimeException | LinkageError e) {
            // The session is given up, and the client gets a new one.
            log.warning("A session cannot be read and is dropped: " + e);
            throw new UnreadableSessionDataException(id, _context, e);
        }
    }

    private SessionData session(String id, StoredBytes stored) throws IOException, ClassNotFoundException {
        StoredSession session =
                new StoredSession(id, _context.getCanonicalContextPath(), _context.getVhost(), stored.head());
        session.setLastSaved(stored.written());
        attributes.read(session, stored.attributes());
        session.stored(stored.attributes());
        return session;
    }

    @Override
    public void doStore(String id, SessionData data, long lastSaved) throws Exception {
        byte[] now = attributes.bytes(data);
        SessionHead head = SessionHead.of(data);
        if (lastSaved > 0) {
            Optional<SessionHead> there = folder().head(id);
            if (there.isEmpty()) {
                // Another request has ended it: a session that somebody logged out of does not come back.
                return;
            }
            if (!data.isDirty()
                    && data instanceof StoredSession session
                    && session.sameAs(now)
                    && head.sameBut(there.get())) {
                folder().touch(id, head.accessed());
                return;
            }
        }
        folder().write(id, head, now);
        if (data instanceof StoredSession session) {
            session.stored(now);
        }
    }

    @Override
    public boolean delete(String id) throws Exception {
        return folder().delete(id);
    }

    @Override
    public Set<String> doCheckExpired(Set<String> candidates, long time) {
        Set<String> expired = new TreeSet<>();
        for (String id : candidates) {
            try {
                Optional<SessionHead> head = folder().head(id);
                if (head.isEmpty() || head.get().expiredAt(time)) {
                    expired.add(id);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return expired;
    }

    @Override
    public Set<String> doGetExpired(long before) {
        try {
            return folder().find(head -> head.expiredAt(before));
        } catch (IOException e) {
            log.warning("Expired sessions cannot be looked for: " + e);
            return Set.of();
        }
    }

    @Override
    public void doCleanOrphans(long time) {
        // Those of other contexts are the matter of the servers that serve them: the folder may be shared.
    }
}
