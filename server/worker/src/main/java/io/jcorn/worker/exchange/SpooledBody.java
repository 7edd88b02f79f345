package io.jcorn.worker.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A body that is collected completely before the application sees it, for an application that runs on the event loop and
 * cannot wait there. Beyond {@link #MEMORY} bytes it is kept in a file.
 */
public final class SpooledBody extends RequestBody {

    /** Bytes of one body that are kept in memory. */
    static final int MEMORY = 256 << 10;

    private static final int PIECE = 64;

    private final ArrayDeque<ByteBuffer> pieces = new ArrayDeque<>(4);
    private long cost;
    private @Nullable SpoolFile file;
    private long position;
    private @Nullable IOException failure;
    private boolean closed;

    @Override
    public boolean take(byte[] array, int offset, int length) {
        if (closed || failure != null) {
            return true;
        }
        try {
            ByteBuffer piece = ByteBuffer.wrap(array, offset, length);
            SpoolFile file = this.file;
            if (file == null && cost + length + PIECE > MEMORY) {
                file = SpoolFile.open();
                this.file = file;
            }
            if (file != null) {
                file.append(piece);
            } else {
                pieces.add(piece);
                cost += length + PIECE;
            }
        } catch (IOException e) {
            failure = new IOException("the request's body cannot be kept in a temporary file", e);
        }
        return true;
    }

    @Override
    public void end() {}

    @Override
    public void fail(IOException why) {
        if (failure == null) {
            failure = why;
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (closed) {
            throw new IOException("stream closed");
        }
        if (failure != null) {
            throw KeptFailure.again(failure);
        }
        if (length == 0) {
            return 0;
        }
        ByteBuffer piece = pieces.peek();
        if (piece != null) {
            int count = Math.min(length, piece.remaining());
            piece.get(target, offset, count);
            if (!piece.hasRemaining()) {
                pieces.remove();
            }
            return count;
        }
        if (file == null) {
            return -1;
        }
        int count = file.read(target, offset, length, position);
        position += Math.max(0, count);
        return count;
    }

    @Override
    public int available() throws IOException {
        ByteBuffer piece = pieces.peek();
        if (piece != null) {
            return piece.remaining();
        }
        return file == null ? 0 : (int) Math.min(Integer.MAX_VALUE, file.size() - position);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        pieces.clear();
        if (file != null) {
            file.close();
        }
    }

    @Override
    public void release() {
        try {
            close();
        } catch (IOException e) {
            failure = e;
        }
    }
}
