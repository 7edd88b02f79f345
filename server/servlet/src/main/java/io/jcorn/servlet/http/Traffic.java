package io.jcorn.servlet.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The outermost handler: knows what is in flight and who is connected, and says goodbye.
 *
 * <p>A request is in flight from here until its response is complete, whether the application answers at once, asynchronously or
 * not at all. Once the worker leaves, every response that is not yet under way closes its connection, so that the client hears of
 * it with an answer in hand and never writes into a closed connection.
 */
public final class Traffic extends Handler.Wrapper implements Connection.Listener {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int inFlight;
    private int connections;
    private volatile boolean leaving;

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        count(1, 0);
        Request.addCompletionListener(request, failure -> count(-1, 0));
        request.addHttpStreamWrapper(Farewell::new);
        return super.handle(request, response, callback);
    }

    @Override
    public void onOpened(Connection connection) {
        count(0, 1);
    }

    @Override
    public void onClosed(Connection connection) {
        count(0, -1);
    }

    private void count(int requests, int opened) {
        lock.lock();
        try {
            inFlight += requests;
            connections += opened;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many requests are in flight. */
    public int inFlight() {
        lock.lock();
        try {
            return inFlight;
        } finally {
            lock.unlock();
        }
    }

    /** From now on every response closes its connection. */
    public void leave() {
        leaving = true;
    }

    /**
     * Waits until nothing is in flight and, for a while, until nobody is connected any more.
     *
     * @param graceMillis how long requests in flight may take, in milliseconds
     * @param idleMillis how long connections on which nothing happens are kept, in milliseconds
     * @return false if requests are still in flight
     */
    public boolean awaitEnd(long graceMillis, long idleMillis) {
        long start = System.nanoTime();
        lock.lock();
        try {
            while (true) {
                long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                long left = graceMillis - passed;
                if (inFlight == 0) {
                    left = connections == 0 ? 0 : Math.min(left, idleMillis - passed);
                }
                if (left <= 0) {
                    return inFlight == 0;
                }
                changed.awaitNanos(TimeUnit.MILLISECONDS.toNanos(left));
            }
        } catch (InterruptedException e) {
            // Whoever interrupts the thread that ends this worker wants it to end now.
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Says with the last response that it is the last. */
    private final class Farewell extends HttpStream.Wrapper {

        Farewell(HttpStream wrapped) {
            super(wrapped);
        }

        @Override
        public void prepareResponse(HttpFields.Mutable headers) {
            super.prepareResponse(headers);
            // A connection that becomes a WebSocket is no longer one of HTTP.
            if (leaving && !headers.contains(HttpHeader.UPGRADE)) {
                headers.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
            }
        }
    }
}
