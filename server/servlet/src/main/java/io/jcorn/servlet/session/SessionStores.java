package io.jcorn.servlet.session;

import io.jcorn.wire.Log;
import io.jcorn.wire.ServletOptions.Sessions;
import java.nio.file.Path;
import org.eclipse.jetty.http.HttpCookie.SameSite;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.session.AbstractSessionDataStore;
import org.eclipse.jetty.session.AbstractSessionManager;
import org.eclipse.jetty.session.DatabaseAdaptor;
import org.eclipse.jetty.session.DefaultSessionIdManager;
import org.eclipse.jetty.session.JDBCSessionDataStore;
import org.eclipse.jetty.session.NullSessionCache;

/** Sets up where the sessions of a context are kept. */
public final class SessionStores {

    /**
     * How long after its end a session is cleared away at the earliest, in seconds. A request that finds one that has ended does not
     * wait for that.
     */
    private static final int GRACE_SECONDS = 60;

    private SessionStores() {}

    /** Prepares a server. The ids of its sessions are as unique as 126 random bits, whatever other workers make. */
    public static void prepare(Server server) {
        DefaultSessionIdManager ids = new DefaultSessionIdManager(server);
        // No name of a worker in the id: no worker owns a session.
        ids.setWorkerName(null);
        server.addBean(ids, true);
    }

    /** Prepares the sessions of a context, before it starts. The application's descriptor may change the cookie. */
    public static void install(Sessions sessions, AbstractSessionManager manager, Log log) {
        manager.setHttpOnly(true);
        manager.setSameSite(SameSite.LAX);
        switch (sessions.kind()) {
            case MEMORY -> {
                // What Jetty does by itself.
            }
            case FILE -> share(manager, new FreshSessions(manager), new FileSessions(Path.of(sessions.place()), log));
            case JDBC -> share(manager, new NullSessionCache(manager), database(sessions.place()));
        }
    }

    private static void share(AbstractSessionManager manager, NullSessionCache cache, AbstractSessionDataStore store) {
        store.setGracePeriodSec(GRACE_SECONDS);
        cache.setSessionDataStore(store);
        cache.setFlushOnResponseCommit(true);
        cache.setRemoveUnloadableSessions(true);
        manager.setSessionCache(cache);
    }

    private static AbstractSessionDataStore database(String url) {
        DatabaseAdaptor adaptor = new DatabaseAdaptor();
        adaptor.setDatasource(new ApplicationDrivers(url));
        JDBCSessionDataStore store = new JDBCSessionDataStore();
        store.setDatabaseAdaptor(adaptor);
        return store;
    }
}
