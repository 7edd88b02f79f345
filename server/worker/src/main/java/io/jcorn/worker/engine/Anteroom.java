package io.jcorn.worker.engine;

import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.exchange.Exchange;
import io.jcorn.worker.pool.Runner;
import java.util.concurrent.TimeUnit;

/**
 * Where requests wait for the application. It has so many places, and nobody has to wait there for ever: beyond that they get
 * a 503 at once, while the application is not even asked. Confined to the event loop.
 *
 * <pre>
 *   submit ─┬─► waiting ─► a thread takes it
 *           │      └─ queue-timeout ─► 503
 *           └─ no place ─► 503
 * </pre>
 *
 * <p>503 and not 504: whoever gets it knows that the application has not seen the request, so that to try again, elsewhere or
 * later, is safe whatever the method.
 */
final class Anteroom {

    /** What a client is told to wait, in seconds: to try at once would only fill the places again. */
    private static final int RETRY_AFTER = 1;

    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Engine engine;
    private final Runner runner;
    private final int queue;

    /** For those that wait and those that a thread has; 0: no limit. */
    private final int places;

    private final long patience;

    /** How many may come before the places have to be counted again. */
    private int surelyFree;

    private long rejected;
    private long expired;
    private long toldAt;
    private boolean told;

    Anteroom(Engine engine, Runner runner) {
        this.engine = engine;
        this.runner = runner;
        this.queue = engine.settings().queue();
        this.places = runner.onEventLoop() || queue == 0 ? 0 : runner.threads() + queue;
        this.patience = engine.settings().turns().queue();
    }

    /** Lets the application have an exchange as soon as it can, or answers it. */
    void submit(Exchange exchange, long now) {
        if (places > 0 && !takePlace()) {
            engine.row().add(Cell.QUEUE_REJECTED, 1);
            rejected++;
            tell(now);
            exchange.answerInstead(503, "too many requests are waiting", RETRY_AFTER);
            exchange.withdrawn();
            return;
        }
        exchange.queued(now);
        runner.submit(exchange);
    }

    private boolean takePlace() {
        if (surelyFree == 0) {
            surelyFree = Math.max(0, places - runner.unfinished());
        }
        if (surelyFree == 0) {
            return false;
        }
        surelyFree--;
        return true;
    }

    /** Looks at those that wait, from the one that has waited longest. */
    void sweep(long now) {
        if (patience > 0) {
            for (Exchange oldest = runner.oldest(Exchange.class);
                    oldest != null && now - oldest.queuedNanos() > patience;
                    oldest = runner.oldest(Exchange.class)) {
                if (runner.withdraw(oldest)) {
                    engine.row().add(Cell.QUEUE_EXPIRED, 1);
                    expired++;
                    oldest.answerInstead(503, "the request has waited too long", RETRY_AFTER);
                    oldest.withdrawn();
                }
            }
        }
        tell(now);
    }

    /** One line for a whole storm of them, and one every ten seconds as long as it lasts. */
    private void tell(long now) {
        if (rejected + expired == 0 || (told && now - toldAt < TELL_NANOS)) {
            return;
        }
        told = true;
        toldAt = now;
        engine.log()
                .warning("Overloaded: answered " + (rejected + expired) + " requests with 503; " + rejected
                        + " found the queue of " + queue + " full, " + expired
                        + " had waited for too long (queue-timeout)");
        rejected = 0;
        expired = 0;
    }
}
