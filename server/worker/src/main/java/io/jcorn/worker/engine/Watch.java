package io.jcorn.worker.engine;

import io.jcorn.wire.Log;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.worker.exchange.Exchange;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sees to it that the application gives back what it was given. Confined to the event loop.
 *
 * <pre>
 *   handled ──request-timeout──► OVERDUE: stack into the log, 504 or cut off, thread interrupted
 *                                   ├─ the handler returns ──► forgotten
 *                                   └─ it does not within {@link #RETURN_NANOS} ──► the worker is spoilt: a thread is lost
 * </pre>
 *
 * <p>An exchange that its handler has left to another thread has no thread that could be interrupted; it is answered or cut
 * off all the same. So is one that stands still for too long, whatever it is allowed in total.
 */
final class Watch {

    /** How long an interrupted thread may take to come back. */
    static final long RETURN_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final EngineSettings.Turns turns;
    private final Engine engine;
    private final Log log;

    /** Answered, but the handler has not returned yet: its time goes on. */
    private final List<Exchange> inside = new ArrayList<>(0);

    /** Interrupted, and not returned yet. */
    private final List<Overdue> overdue = new ArrayList<>(0);

    private Consumer<String> spoilt = reason -> {};
    private boolean told;

    private record Overdue(Exchange exchange, long since) {}

    Watch(Engine engine) {
        this.engine = engine;
        this.turns = engine.settings().turns();
        this.log = engine.log();
    }

    /** Says whom to tell, once, when a thread is lost. */
    void whenSpoilt(Consumer<String> told) {
        this.spoilt = told;
    }

    /** Whether threads are to be watched that belong to no connection any more. */
    boolean busy() {
        return !inside.isEmpty() || !overdue.isEmpty();
    }

    /**
     * Looks at an exchange that is not complete.
     *
     * @param movedAt when a part of its response was last handed over, or it began
     * @param pending whether it is the client that is waited for
     */
    void look(Exchange exchange, long movedAt, boolean pending, long now) {
        if (exchange.returned() && exchange.complete()) {
            // Its end is on the way to the event loop: the machine was suspended, or the loop was busy.
            return;
        }
        if (tooLong(exchange, now)) {
            expire(exchange, now);
        } else if (turns.async() > 0 && exchange.returned() && !pending && now - movedAt > turns.async()) {
            unfinished(exchange, now - movedAt);
        }
    }

    /** An exchange is over for its client; its handler may still be inside. */
    void answered(Exchange exchange) {
        if (turns.request() > 0 && exchange.handled() && !exchange.returned() && !exchange.overdue()) {
            inside.add(exchange);
        }
    }

    /** Looks at the handlers whose clients have gone on already. */
    void sweep(long now) {
        for (Iterator<Exchange> all = inside.iterator(); all.hasNext(); ) {
            Exchange exchange = all.next();
            if (exchange.returned()) {
                all.remove();
            } else if (tooLong(exchange, now)) {
                all.remove();
                expire(exchange, now);
            }
        }
        overdue.removeIf(late -> late.exchange.returned());
        for (Overdue late : overdue) {
            if (now - late.since > RETURN_NANOS && !told) {
                told = true;
                spoilt.accept("request-timeout: the handler of " + name(late.exchange) + " does not return, "
                        + seconds(now - late.since) + " after it was interrupted");
            }
        }
    }

    private boolean tooLong(Exchange exchange, long now) {
        return turns.request() > 0
                && !exchange.overdue()
                && exchange.handled()
                && now - exchange.handledNanos() > turns.request();
    }

    private void expire(Exchange exchange, long now) {
        engine.row().add(Cell.REQUEST_TIMEOUTS, 1);
        String age = seconds(now - exchange.handledNanos());
        // Before the interrupt: the handler would answer that in its own way.
        String end = endResponse(exchange, "the application took longer than " + seconds(turns.request()));
        String doing = exchange.interrupt();
        if (doing == null) {
            log.warning(name(exchange) + " takes longer than request-timeout: " + age + "; " + end
                    + ". Its handler has left it to another thread, which nobody knows");
            return;
        }
        overdue.add(new Overdue(exchange, now));
        log.warning(name(exchange) + " takes longer than request-timeout: " + age + "; " + end
                + ", and its thread is interrupted: " + doing);
    }

    private void unfinished(Exchange exchange, long stood) {
        engine.row().add(Cell.REQUEST_TIMEOUTS, 1);
        String end = endResponse(exchange, "the application did not finish it");
        log.warning(name(exchange) + " was left unfinished by its handler, and nobody has gone on with it for "
                + seconds(stood) + ", as async-timeout allows; " + end);
    }

    private static String endResponse(Exchange exchange, String reason) {
        if (exchange.answerInstead(504, reason, 0)) {
            return "answered with 504";
        }
        if (exchange.complete()) {
            return "it is answered already";
        }
        exchange.cutOff();
        return "its response, a part of which has left, is cut off";
    }

    private static String name(Exchange exchange) {
        return "Request " + exchange.head().method() + " " + exchange.head().target() + " of " + exchange.client();
    }

    private static String seconds(long nanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis / 1000.0 + " s";
    }
}
