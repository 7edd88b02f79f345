package io.jcorn.servlet;

import io.jcorn.agent.Hosting;
import io.jcorn.servlet.access.AccessLog;
import io.jcorn.servlet.archive.ApplicationReader;
import io.jcorn.servlet.archive.LoadFailure;
import io.jcorn.servlet.archive.WebApplication;
import io.jcorn.servlet.deploy.Deployment;
import io.jcorn.servlet.deploy.Environments;
import io.jcorn.servlet.deploy.StartFailure;
import io.jcorn.servlet.http.ErrorPages;
import io.jcorn.servlet.http.Targets;
import io.jcorn.servlet.http.Traffic;
import io.jcorn.servlet.session.SessionStores;
import io.jcorn.wire.Handover.InheritedListener;
import io.jcorn.wire.Log;
import io.jcorn.wire.Message.BootFailed.Cause;
import io.jcorn.wire.ServletOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.SizeLimitHandler;

/**
 * A server with one application on some listeners, from its start to its end.
 *
 * <pre>
 *   read archive ─► environment ─► application starts ─► connectors bind: ready
 *   drain: last responses say so ─► nothing in flight, nobody connected ─► connectors, application, files
 * </pre>
 */
final class WebServer implements Hosting.Departing {

    /** How long connections on which nothing happens are kept when the worker leaves, in milliseconds. */
    private static final long IDLE_MILLIS = 2000;

    /** What the application's own shutdown may take when there is no time left for it, in milliseconds. */
    private static final long QUICK_STOP_MILLIS = 1000;

    private final Server server;
    private final List<AbstractConnector> connectors;
    private final Deployment deployment;
    private final Traffic traffic;
    private final TemporaryFolder temp;
    private final Log log;

    private WebServer(
            Server server,
            List<AbstractConnector> connectors,
            Deployment deployment,
            Traffic traffic,
            TemporaryFolder temp,
            Log log) {
        this.server = server;
        this.connectors = connectors;
        this.deployment = deployment;
        this.traffic = traffic;
        this.temp = temp;
        this.log = log;
    }

    /**
     * Starts the application and then serves it.
     *
     * @param listeners where to
     * @param environments where the libraries are
     * @param work a folder that is this process's own
     * @param accessLog is told of each request that has ended; empty: nobody is
     * @param started is given the server when its application has started, before anybody can reach it
     * @throws LoadFailure if that is not possible, for whatever reason; nothing is left behind then
     */
    static WebServer start(
            ServletOptions options,
            List<InheritedListener> listeners,
            Environments environments,
            Path work,
            Log log,
            Optional<AccessLog> accessLog,
            Consumer<WebServer> started)
            throws LoadFailure {
        TemporaryFolder temp;
        try {
            temp = TemporaryFolder.create(work, log);
        } catch (IOException e) {
            throw new LoadFailure(Cause.BOOT, "No temporary folder can be made: " + e, e);
        }
        WebServer prepared = null;
        try {
            prepared = prepare(options, listeners, environments, temp, log);
            accessLog.ifPresent(prepared.server::setRequestLog);
            prepared.boot(options.displayName());
            started.accept(prepared);
            prepared.listen();
            return prepared;
        } catch (LoadFailure e) {
            if (prepared != null) {
                prepared.stop(QUICK_STOP_MILLIS);
            }
            temp.close();
            throw e;
        }
    }

    private static WebServer prepare(
            ServletOptions options,
            List<InheritedListener> listeners,
            Environments environments,
            TemporaryFolder temp,
            Log log)
            throws LoadFailure {
        try {
            WebApplication application = new ApplicationReader(
                            options.application(), options.displayName(), options.classpath(), temp.path())
                    .read();
            Server server = new Server(ThreadPools.of(options.threads(), listeners.size()));
            server.setErrorHandler(new ErrorPages());
            SessionStores.prepare(server);
            Connectors maker = new Connectors(options);
            List<AbstractConnector> connectors = new ArrayList<>();
            for (InheritedListener listener : listeners) {
                connectors.add(maker.of(server, listener));
            }
            Deployment deployment = environments
                    .load(application.edition())
                    .deploy(application, options.contextPath(), temp.folder("work"));
            SessionStores.install(options.sessions(), deployment.sessions(), log);
            Traffic traffic = new Traffic();
            traffic.setHandler(limited(options, deployment.handler()));
            connectors.forEach(connector -> connector.addEventListener(traffic));
            server.setHandler(traffic);
            return new WebServer(server, connectors, deployment, traffic, temp, log);
        } catch (UnsupportedOperationException e) {
            throw new LoadFailure(Cause.LOAD, String.valueOf(e.getMessage()), e);
        } catch (IOException | IllegalArgumentException e) {
            throw new LoadFailure(Cause.BOOT, String.valueOf(e.getMessage()), e);
        }
    }

    private static Handler limited(ServletOptions options, Handler application) {
        Targets targets = new Targets();
        if (options.limits().body() == 0) {
            targets.setHandler(application);
            return targets;
        }
        SizeLimitHandler body = new SizeLimitHandler(options.limits().body(), -1);
        body.setHandler(application);
        targets.setHandler(body);
        return targets;
    }

    private void boot(String displayName) throws LoadFailure {
        try {
            // The connectors are not the server's yet, so that whatever fails here is the application's.
            server.start();
        } catch (Throwable thrown) {
            throw StartFailure.of(thrown, displayName);
        }
    }

    private void listen() throws LoadFailure {
        for (AbstractConnector connector : connectors) {
            try {
                server.addConnector(connector);
                connector.start();
            } catch (Exception e) {
                Throwable why = e.getCause() == null ? e : e.getCause();
                throw new LoadFailure(
                        Cause.BOOT, "Cannot listen on " + connector.getName() + ": " + why.getMessage(), e);
            }
        }
    }

    /** Closes the gate by itself, for a process whose sockets are its own. */
    void closeGate() {
        connectors.stream()
                .filter(NetworkConnector.class::isInstance)
                .map(NetworkConnector.class::cast)
                .forEach(NetworkConnector::close);
    }

    @Override
    public int drain(long graceMillis) {
        long start = System.nanoTime();
        traffic.leave();
        deployment.closeWebSockets();
        traffic.awaitEnd(graceMillis, IDLE_MILLIS);
        int givenUp = traffic.inFlight();
        long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        stop(Math.max(QUICK_STOP_MILLIS, graceMillis - passed));
        temp.close();
        return givenUp;
    }

    /** Stops it on a thread that nobody has to wait for: the application may never return. */
    private void stop(long millis) {
        Thread stopping = new Thread(this::stopAll, "jcorn-stop");
        stopping.setDaemon(true);
        stopping.start();
        try {
            stopping.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (stopping.isAlive()) {
            log.warning("The application's shutdown has not returned after " + millis + " ms; leaving without it");
        }
    }

    private void stopAll() {
        try {
            // Connections first: whoever writes now is not answered by an application that has ended.
            for (AbstractConnector connector : connectors) {
                connector.stop();
            }
            server.stop();
        } catch (Exception e) {
            log.warning("The application's shutdown failed: " + e);
        }
    }

    /** Waits until nobody is connected any more; for tests. */
    void awaitNobody() {
        traffic.awaitEnd(Long.MAX_VALUE >> 20, Long.MAX_VALUE >> 20);
    }

    /** Returns how many requests are in flight. */
    int inFlight() {
        return traffic.inFlight();
    }

    /** Returns the ports that it listens on, in the order of its listeners; for tests, which ask for port 0. */
    List<Integer> ports() {
        return connectors.stream()
                .map(connector -> connector instanceof NetworkConnector network ? network.getLocalPort() : -1)
                .toList();
    }
}
