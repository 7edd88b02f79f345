package io.jcorn.worker.exchange;

import com.sun.net.httpserver.Headers;
import io.jcorn.worker.http.Bytes;
import io.jcorn.worker.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A response between the application, which writes it, and the event loop, which sends it.
 *
 * <pre>
 *   UNDECIDED ──sendResponseHeaders──► LENGTH | CHUNKED | UNTIL_END ──close──► DONE
 *                                  └─► NOTHING (HEAD: writes are swallowed), done already
 * </pre>
 *
 * <p>Head and body are collected, so that a small response leaves in one piece; from {@link #SEGMENT} bytes on, and at
 * each {@code flush()}, what there is goes to the event loop. When {@link #HIGH} bytes have not left for the kernel, the
 * writer waits.
 */
final class ResponseBody extends OutputStream {

    /** Bytes that are collected before they are sent. */
    static final int SEGMENT = 32 << 10;

    /** Files from which on it pays to let the kernel send them: head and file then leave one after the other. */
    static final int FILE = 2 * SEGMENT;

    /** Bytes handed to the event loop and not yet taken by the kernel from which on the writer waits. */
    static final int HIGH = 128 << 10;

    private enum Mode {
        UNDECIDED,
        LENGTH,
        CHUNKED,
        UNTIL_END,
        NOTHING,
        DONE
    }

    private static final byte[] LAST_CHUNK = {'0', '\r', '\n', '\r', '\n'};
    private static final byte[] HEX = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    /** Room for a chunk's size, its two line ends and the last chunk. */
    private static final int CHUNK_ROOM = 8 + 2 + 2 + LAST_CHUNK.length;

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Condition left;
    private final Exchange exchange;
    private final Carrier carrier;
    private Mode mode = Mode.UNDECIDED;
    private boolean chunked;
    private boolean departed;
    private boolean supplanted;
    private @Nullable Bytes out;
    private int dataStart;
    private long remaining;
    private long onTheWay;

    /** Written under the lock. */
    private volatile long sentBytes;

    private @Nullable IOException failure;

    ResponseBody(Exchange exchange, Carrier carrier) {
        this.exchange = exchange;
        this.carrier = carrier;
    }

    /**
     * Writes the head.
     *
     * @return whether the response is complete by that: it has no body
     */
    boolean begin(int status, Headers headers, ResponseHead.Framing framing, long length, boolean keepAlive)
            throws IOException {
        lock.lock();
        try {
            if (mode != Mode.UNDECIDED) {
                throw new IOException("headers already sent");
            }
            throwFailure();
            Bytes bytes = carrier.room(256 + (int) Math.min(Math.max(0, length), SEGMENT / 4));
            carrier.head(bytes, status, headers, framing, length, keepAlive);
            out = bytes;
            dataStart = bytes.length();
            remaining = length;
            chunked = framing == ResponseHead.Framing.CHUNKED;
            mode = switch (framing) {
                case LENGTH -> length == 0 ? Mode.DONE : Mode.LENGTH;
                case CHUNKED -> Mode.CHUNKED;
                case CLOSE, STREAM -> Mode.UNTIL_END;
                case NONE -> Mode.DONE;
            };
            return mode == Mode.DONE;
        } finally {
            lock.unlock();
        }
    }

    /** The response to a HEAD is complete, but a handler that writes its body as for a GET is not to blame. */
    void swallow(int status, Headers headers, ResponseHead.Framing framing, long length, boolean keepAlive)
            throws IOException {
        lock.lock();
        try {
            begin(status, headers, framing, length, keepAlive);
            mode = Mode.NOTHING;
            chunked = false;
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many bytes of the body were handed to the event loop, without framing. */
    long sentBytes() {
        return sentBytes;
    }

    /** Whether the whole response is there. */
    boolean done() {
        lock.lock();
        try {
            return doneHere();
        } finally {
            lock.unlock();
        }
    }

    /** The same without the lock, for the thread that handles this: it may see later what another has done. */
    boolean doneHere() {
        return mode == Mode.DONE || mode == Mode.NOTHING;
    }

    /**
     * Whether every byte that was announced is written, so that a handler that forgot to close may be forgiven. Without the lock,
     * for the thread that handles this.
     */
    boolean filled() {
        return mode == Mode.LENGTH && remaining == 0;
    }

    /**
     * Puts a whole response in the place of what the application has begun. Its next write throws the reason.
     *
     * @return false if a part of the application's has departed, or all of it is there
     */
    boolean supplant(PlainAnswer answer, boolean stays, boolean isHead, IOException why) {
        lock.lock();
        try {
            if (departed || mode == Mode.DONE || mode == Mode.NOTHING || failure != null) {
                return false;
            }
            failure = why;
            supplanted = true;
            chunked = false;
            Bytes whole = answer.encode(carrier, stays, isHead);
            dataStart = whole.length() - (isHead ? 0 : answer.length());
            out = whole;
            signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** No more can be sent. The application's next write throws this. */
    void fail(IOException why) {
        lock.lock();
        try {
            if (failure == null) {
                failure = why;
            }
            if (!supplanted) {
                out = null;
            }
            signal();
        } finally {
            lock.unlock();
        }
    }

    /** Returns what was not sent before the response was complete; null if the response failed. Event loop only. */
    @Nullable
    ByteBuf remainder() {
        lock.lock();
        try {
            Bytes bytes = out;
            if (bytes == null) {
                return null;
            }
            ByteBuf framed = frame(bytes, true);
            out = null;
            carrier.returned(bytes);
            return framed;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        lock.lock();
        try {
            if (!writable(length)) {
                return;
            }
            int from = offset;
            int end = offset + length;
            while (from < end) {
                Bytes bytes = bytes();
                int count = Math.min(end - from, SEGMENT - (bytes.length() - dataStart));
                bytes.append(source, from, count);
                from += count;
                remaining -= mode == Mode.LENGTH ? count : 0;
                if (bytes.length() - dataStart >= SEGMENT) {
                    push(bytes);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether bytes are taken; the javadoc of HttpExchange decides what else happens. */
    private boolean writable(long length) throws IOException {
        throwFailure();
        switch (mode) {
            case UNDECIDED -> throw new IOException("response headers not sent yet");
            case DONE -> throw new IOException("stream closed");
            case NOTHING -> {
                return false;
            }
            case LENGTH -> {
                if (length > remaining) {
                    IOException tooMany = new IOException("too many bytes to write to stream");
                    carrier.abort(exchange);
                    throw tooMany;
                }
                return true;
            }
            default -> {
                return true;
            }
        }
    }

    /**
     * Writes a part of a file, where possible without copying it.
     *
     * @param file closed when it is done with, at once or later
     */
    void transfer(FileChannel file, long position, long count) throws IOException {
        boolean taken = false;
        lock.lock();
        try {
            if (writable(count) && mode == Mode.LENGTH && count >= FILE && carrier.takesFiles()) {
                push(bytes());
                remaining -= count;
                sentBytes(count);
                taken = true;
                carrier.sendFile(file, position, count);
            }
        } catch (IOException e) {
            file.close();
            throw e;
        } finally {
            lock.unlock();
        }
        if (!taken) {
            FileCopy.copy(file, position, count, this);
        }
    }

    private Bytes bytes() throws IOException {
        throwFailure();
        Bytes bytes = out;
        if (bytes == null) {
            throw new IOException("stream closed");
        }
        return bytes;
    }

    @Override
    public void flush() throws IOException {
        lock.lock();
        try {
            throwFailure();
            Bytes bytes = out;
            boolean open = mode == Mode.LENGTH || mode == Mode.CHUNKED || mode == Mode.UNTIL_END;
            // A carrier that keeps the head to itself leaves no byte of it here, and has to be told all the same.
            if (open && bytes != null && (bytes.length() > 0 || !departed)) {
                push(bytes);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (mode == Mode.NOTHING) {
                mode = Mode.DONE;
            }
            if (mode == Mode.DONE || mode == Mode.UNDECIDED) {
                return;
            }
            throwFailure();
            if (mode == Mode.LENGTH && remaining > 0) {
                IOException tooFew = new IOException("insufficient bytes written");
                carrier.abort(exchange);
                throw tooFew;
            }
            mode = Mode.DONE;
        } finally {
            lock.unlock();
        }
        exchange.finish();
    }

    private void push(Bytes bytes) throws IOException {
        ByteBuf framed = frame(bytes, false);
        bytes.clear();
        dataStart = 0;
        departed = true;
        int count = framed.readableBytes();
        onTheWay += count;
        carrier.send(framed, () -> sent(count));
        if (!carrier.onEventLoop()) {
            awaitRoom();
        }
    }

    private void signal() {
        Condition left = this.left;
        if (left != null) {
            left.signalAll();
        }
    }

    /** Without a deadline of its own: who carries this gives up a client that takes nothing, and fails this. */
    private void awaitRoom() throws IOException {
        while (onTheWay >= HIGH && failure == null) {
            Condition left = this.left;
            if (left == null) {
                left = lock.newCondition();
                this.left = left;
            }
            try {
                left.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                InterruptedIOException interrupted = new InterruptedIOException("interrupted while writing");
                interrupted.initCause(e);
                throw interrupted;
            }
        }
        throwFailure();
    }

    private void sent(int count) {
        lock.lock();
        try {
            onTheWay -= count;
            signal();
        } finally {
            lock.unlock();
        }
    }

    private ByteBuf frame(Bytes bytes, boolean last) {
        byte[] array = bytes.array();
        int data = bytes.length() - dataStart;
        sentBytes(data);
        ByteBuf framed = carrier.buffer(bytes.length() + (chunked ? CHUNK_ROOM : 0));
        if (!chunked) {
            return framed.writeBytes(array, 0, bytes.length());
        }
        framed.writeBytes(array, 0, dataStart);
        if (data > 0) {
            writeHex(framed, data);
            framed.writeByte('\r').writeByte('\n');
            framed.writeBytes(array, dataStart, data);
            framed.writeByte('\r').writeByte('\n');
        }
        return last ? framed.writeBytes(LAST_CHUNK) : framed;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // Under the lock.
    private void sentBytes(long more) {
        sentBytes += more;
    }

    private static void writeHex(ByteBuf out, int number) {
        int shift = 28;
        while (shift > 0 && number >>> shift == 0) {
            shift -= 4;
        }
        for (; shift >= 0; shift -= 4) {
            out.writeByte(HEX[number >>> shift & 15]);
        }
    }

    private void throwFailure() throws IOException {
        IOException failure = this.failure;
        if (failure != null) {
            throw KeptFailure.again(failure);
        }
    }
}
