package io.jcorn.worker.websocket;

import java.net.http.WebSocket;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Hands what arrives to the application's listener: one invocation after another, in order, and only as many as the listener
 * has asked for with {@link WebSocket#request}. What it has not asked for yet waits here; beyond {@link #HIGH} bytes the client
 * waits too.
 */
final class Ear {

    /** Waiting bytes from which on no more is read from the client, and below which reading goes on. */
    static final int HIGH = 256 << 10;

    static final int LOW = 64 << 10;

    /** What a delivery costs besides its bytes: empty frames must not fill the memory with objects. */
    private static final int COST = 64;

    private final WebSocket socket;
    private final WebSocket.Listener listener;
    private final Surroundings surroundings;
    private final Talk talk;
    private final Runnable round = this::deliverAll;

    /** Guarded by this, as all below. The listener is never called with the lock held. */
    private final Queue<Delivery> waiting = new ArrayDeque<>(4);

    private long demand;
    private int bytes;
    private boolean delivering;
    private boolean full;
    private boolean over;

    Ear(WebSocket socket, WebSocket.Listener listener, Surroundings surroundings, Talk talk) {
        this.socket = socket;
        this.listener = listener;
        this.surroundings = surroundings;
        this.talk = talk;
    }

    /** Takes what has arrived. Event loop only. */
    void take(Delivery delivery) {
        boolean wake;
        synchronized (this) {
            if (over) {
                return;
            }
            if (!delivery.demanded()) {
                forgetUnlessFirst(delivery);
            }
            waiting.add(delivery);
            bytes += delivery.bytes() + COST;
            full = bytes >= HIGH;
            wake = claim();
        }
        if (wake) {
            surroundings.dispatch(round);
        }
    }

    /** Whether more is welcome; when it is again, the {@link Talk} learns of it. Event loop only. */
    synchronized boolean hasRoom() {
        return !full;
    }

    /** A failure overtakes what waits for a demand that may never come. */
    private void forgetUnlessFirst(Delivery delivery) {
        if (delivery instanceof Delivery.Failure) {
            waiting.removeIf(Delivery::demanded);
            bytes = 0;
        }
    }

    /** The listener wants more invocations. From any thread. */
    void request(long count) {
        boolean wake;
        synchronized (this) {
            demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
            wake = claim();
        }
        if (wake) {
            surroundings.dispatch(round);
        }
    }

    /** Nothing is delivered any more. */
    synchronized void close() {
        over = true;
        full = false;
        waiting.clear();
    }

    private boolean claim() {
        if (delivering || over || !deliverable()) {
            return false;
        }
        delivering = true;
        return true;
    }

    private boolean deliverable() {
        Delivery first = waiting.peek();
        return first != null && (demand > 0 || !first.demanded());
    }

    private void deliverAll() {
        for (Delivery next = next(); next != null; next = next()) {
            deliver(next);
        }
    }

    private @Nullable Delivery next() {
        boolean resume = false;
        Delivery next;
        synchronized (this) {
            if (over || !deliverable()) {
                delivering = false;
                return null;
            }
            next = waiting.remove();
            bytes -= next.bytes() + COST;
            if (next.terminal()) {
                // Whatever the listener does with it: it is told of one end, once.
                over = true;
                waiting.clear();
            }
            if (next.demanded() && demand < Long.MAX_VALUE) {
                demand--;
            }
            if (full && bytes <= LOW) {
                full = false;
                resume = true;
            }
        }
        if (resume) {
            surroundings.execute(talk::pump);
        }
        return next;
    }

    private void deliver(Delivery delivery) {
        try {
            CompletionStage<?> done = invoke(delivery);
            if (done != null) {
                done.whenComplete((nothing, thrown) -> completed(delivery, thrown));
            } else {
                completed(delivery, null);
            }
        } catch (Throwable thrown) {
            completed(delivery, thrown);
        }
    }

    private void completed(Delivery delivery, @Nullable Throwable thrown) {
        if (thrown != null) {
            failed(thrown);
        }
        if (delivery instanceof Delivery.Close) {
            surroundings.execute(talk::listenerKnows);
        }
    }

    private @Nullable CompletionStage<?> invoke(Delivery delivery) {
        if (delivery instanceof Delivery.Text text) {
            return listener.onText(socket, text.part(), text.last());
        }
        if (delivery instanceof Delivery.Binary binary) {
            return listener.onBinary(socket, binary.part(), binary.last());
        }
        if (delivery instanceof Delivery.Ping ping) {
            return listener.onPing(socket, ping.payload());
        }
        if (delivery instanceof Delivery.Pong pong) {
            return listener.onPong(socket, pong.payload());
        }
        if (delivery instanceof Delivery.Close close) {
            return listener.onClose(socket, close.status(), close.reason());
        }
        if (delivery instanceof Delivery.Failure failure) {
            listener.onError(socket, failure.cause());
            return null;
        }
        listener.onOpen(socket);
        return null;
    }

    /** The application's own code failed: the client is told with 1011, the listener with onError. */
    private void failed(Throwable thrown) {
        if (SendFailure.isBehind(thrown)) {
            surroundings.log().debug("The listener of a WebSocket: " + thrown);
        } else {
            surroundings.failed(thrown);
            surroundings.execute(() -> talk.applicationFailed(thrown));
        }
    }
}
