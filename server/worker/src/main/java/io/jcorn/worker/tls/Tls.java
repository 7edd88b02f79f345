package io.jcorn.worker.tls;

import io.jcorn.wire.Log;
import io.jcorn.wire.LogLevel;
import io.jcorn.wire.TlsOptions;
import io.jcorn.wire.tls.CredentialsException;
import io.jcorn.wire.tls.Identity;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the engine needs of TLS. The files are looked at every two seconds by a thread of its own; new ones count for the
 * handshakes that begin after it, and no connection notices.
 *
 * <p>They are looked at rather than watched: inotify(7) is silent about the other end of a network file system and about
 * links that are exchanged in the middle of a path, and a stat(2) of a few files costs microseconds. A file that has just
 * changed is given until the next look: certificate and key are written one after the other.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Tasks that go on until the worker ends.
public final class Tls {

    private static final long LOOK_MILLIS = 2_000;

    /** How long a client that reads nothing may hold up the close, for the sake of a close_notify that nobody waits for. */
    private static final long FAREWELL_MILLIS = 1_000;

    private final TlsOptions options;
    private final List<String> alpn;
    private final Log log;
    private final boolean spokesman;
    private final SslProvider provider;
    private final FailureLog failures;

    /** Confined to the event loop, once that runs. */
    private Terms terms;

    /** Confined to the thread that looks: what it saw last, and what it last made terms of, or could not. */
    private FileStamps seen;

    private FileStamps decided;
    private long period;
    private @Nullable ScheduledExecutorService watch;

    private Tls(TlsOptions options, List<String> alpn, Log log, boolean spokesman, SslProvider provider)
            throws CredentialsException, IOException {
        this.options = options;
        this.alpn = alpn;
        this.log = log;
        this.spokesman = spokesman;
        this.provider = provider;
        this.failures = new FailureLog(log);
        long now = System.currentTimeMillis();
        this.seen = FileStamps.of(options.files());
        this.decided = seen;
        this.terms = Terms.read(options, alpn, provider);
        this.period = TicketKeys.period(now);
        terms.renewTickets(now);
    }

    /**
     * Reads the certificates.
     *
     * @param alpn what may be spoken, by its names in ALPN, the preferred one first
     * @param spokesman whether this worker tells what all workers see
     * @throws IOException if they cannot be used
     */
    public static Tls of(TlsOptions options, List<String> alpn, Log log, boolean spokesman) throws IOException {
        return of(options, alpn, log, spokesman, provider(log, spokesman));
    }

    static Tls of(TlsOptions options, List<String> alpn, Log log, boolean spokesman, SslProvider provider)
            throws IOException {
        try {
            return new Tls(options, alpn, log, spokesman, provider);
        } catch (CredentialsException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static SslProvider provider(Log log, boolean spokesman) {
        if (OpenSsl.isAvailable()) {
            return SslProvider.OPENSSL_REFCNT;
        }
        log.write(
                spokesman ? LogLevel.WARNING : LogLevel.DEBUG,
                "BoringSSL does not load here (" + reason(OpenSsl.unavailabilityCause())
                        + "): TLS works with Java's own provider, which takes more time for each handshake and whose"
                        + " sessions other workers cannot resume");
        // BoringSSL renegotiates with nobody; Java's provider has to be told before its first use.
        if (System.getProperty("jdk.tls.rejectClientInitiatedRenegotiation") == null) {
            System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        }
        return SslProvider.JDK;
    }

    private static String reason(Throwable thrown) {
        return String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
    }

    /**
     * Begins to look at the files.
     *
     * @param loop the event loop, on which alone {@link #handler} is called from now on
     */
    public void watch(Executor loop) {
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "jcorn-tls");
            thread.setDaemon(true);
            return thread;
        });
        this.watch = watch;
        watch.scheduleWithFixedDelay(() -> look(loop), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        watch.scheduleWithFixedDelay(() -> loop.execute(this::warn), 1, 1, TimeUnit.DAYS);
    }

    /** Ends the looking. */
    public void close() {
        if (watch != null) {
            watch.shutdownNow();
        }
    }

    /** Returns what stands first in the pipeline of a new connection. On the event loop. */
    public SslHandler handler(ByteBufAllocator allocator) {
        SslHandler handler = terms.context().newHandler(allocator);
        // The engine looks at all deadlines itself.
        handler.setHandshakeTimeoutMillis(0);
        handler.setCloseNotifyFlushTimeoutMillis(FAREWELL_MILLIS);
        return handler;
    }

    /** Returns the present terms. On the event loop. */
    Terms terms() {
        return terms;
    }

    /** Tells of a handshake that failed, by the engine's clock. On the event loop. */
    public void failed(Object client, String reason, long now) {
        failures.failed(client, reason, now);
    }

    // ---- changes; on the thread that looks

    void look(Executor loop) {
        try {
            lookAtTickets(loop);
            lookAtFiles(loop);
        } catch (RuntimeException | Error e) {
            // An executor forgets a task that throws: it would never look again.
            log.error("Looking at the certificates failed: " + e);
        }
    }

    private void lookAtTickets(Executor loop) {
        long now = System.currentTimeMillis();
        if (TicketKeys.period(now) != period) {
            period = TicketKeys.period(now);
            loop.execute(() -> terms.renewTickets(now));
        }
    }

    private void lookAtFiles(Executor loop) {
        FileStamps now = FileStamps.of(options.files());
        boolean settled = now.equals(seen);
        seen = now;
        if (!settled || now.equals(decided)) {
            return;
        }
        decided = now;
        try {
            Terms next = Terms.read(options, alpn, provider);
            next.renewTickets(System.currentTimeMillis());
            loop.execute(() -> adopt(next));
        } catch (CredentialsException | IOException e) {
            tell(
                    LogLevel.WARNING,
                    "The certificate files have changed and cannot be used: " + e.getMessage()
                            + ". The former certificates stay in use until the files are right");
        }
    }

    private void adopt(Terms next) {
        Terms former = terms;
        terms = next;
        // Connections hold what they use of it.
        ReferenceCountUtil.release(former.context());
        if (!next.credentials().equals(former.credentials())) {
            tell(LogLevel.INFO, "New certificates are in use: " + description(next));
            warn();
        }
    }

    private void warn() {
        Instant now = Instant.now();
        for (Identity identity : terms.credentials().identities()) {
            String warning = identity.warning(now);
            if (!warning.isEmpty()) {
                tell(LogLevel.WARNING, warning);
            }
        }
    }

    private static String description(Terms terms) {
        return terms.credentials().identities().stream()
                .map(Identity::description)
                .collect(Collectors.joining("; "));
    }

    /** All workers see the same; one of them says it. */
    private void tell(LogLevel level, String text) {
        log.write(spokesman ? level : LogLevel.DEBUG, text);
    }
}
