package io.jcorn.wire.access;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A log that several processes append whole lines to. For one thread.
 *
 * <p>To a regular file all that is ready goes in one write(2): with O_APPEND the kernel writes it in one piece, under the lock
 * of the inode. A pipe promises that for {@value #PIPE_BYTES} bytes only (PIPE_BUF, pipe(7)), so what is not a regular file
 * gets as many lines at once as fit into that.
 */
public final class LineFile implements Closeable {

    private static final int PIPE_BYTES = 4096;

    private static final byte[] LINE_END = {'\n'};

    private final Optional<Path> path;
    private WritableByteChannel channel;
    private boolean regular;
    private boolean failed;
    private boolean torn;
    private @Nullable IOException failure;

    /** Tests have channels of their own. */
    LineFile(Optional<Path> path, WritableByteChannel channel, boolean regular) {
        this.path = path;
        this.channel = channel;
        this.regular = regular;
    }

    /**
     * Opens a log, and makes the file if there is none.
     *
     * @param path the file; empty: standard output
     * @throws IOException if it cannot be written to
     */
    @SuppressWarnings("resource") // Standard output is nobody's to close.
    public static LineFile open(Optional<Path> path) throws IOException {
        if (path.isPresent()) {
            return new LineFile(path, channel(path.get()), Files.isRegularFile(path.get()));
        }
        FileChannel out = new FileOutputStream(FileDescriptor.out).getChannel();
        return new LineFile(path, out, Files.isRegularFile(Path.of("/proc/self/fd/1")));
    }

    @SuppressWarnings("resource") // The channel owns it.
    private static FileChannel channel(Path path) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
            // To open a FIFO for writing alone waits for its reader: fifo(7).
            return new RandomAccessFile(path.toFile(), "rw").getChannel();
        }
        return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /**
     * Opens the file again by its name, after a rotation has moved it away. Nothing happens for standard output.
     *
     * @throws IOException if it cannot be opened; the log then goes on into the old file
     */
    public void reopen() throws IOException {
        if (path.isEmpty()) {
            return;
        }
        WritableByteChannel old = channel;
        channel = channel(path.get());
        regular = Files.isRegularFile(path.get());
        failed = false;
        torn = false;
        old.close();
    }

    /**
     * Writes lines. A line that could be written in part only is ended before the next one begins.
     *
     * @param bytes whole lines
     * @return how far it came, {@code to} if everything is written. If it did not come so far, {@link #failure} says why; or
     *     there is no failure: somebody made the output non-blocking, and the rest may be tried again
     */
    public int write(byte[] bytes, int from, int to) {
        failure = null;
        int at = from;
        try {
            if (failed && from < to) {
                endTornLine();
                failed = false;
            }
            while (at < to) {
                int end = regular ? to : group(bytes, at, to);
                ByteBuffer rest = ByteBuffer.wrap(bytes, at, end - at);
                int count = channel.write(rest);
                if (count <= 0) {
                    return at;
                }
                at += count;
            }
        } catch (IOException e) {
            failure = e;
            failed = true;
            torn |= at > 0 && bytes[at - 1] != '\n';
        }
        return at;
    }

    /**
     * After a failure the last line in the file may be a part of one, be it ours or another process's: on a full disk some of a
     * write fits, and the rest fails. Whoever writes first when there is room again ends it.
     */
    private void endTornLine() throws IOException {
        boolean open = torn;
        if (regular && path.isPresent()) {
            try (FileChannel reading = FileChannel.open(path.get(), StandardOpenOption.READ)) {
                ByteBuffer last = ByteBuffer.allocate(1);
                open = reading.read(last, Math.max(0, reading.size() - 1)) == 1 && last.get(0) != '\n';
            } catch (IOException e) {
                // Moved away, or not ours to read: what we know of our own last line has to do.
                open = torn;
            }
        }
        if (open) {
            channel.write(ByteBuffer.wrap(LINE_END));
        }
        torn = false;
    }

    /** Returns the end of the last line that ends within the bytes that a pipe takes at once. */
    private static int group(byte[] bytes, int from, int to) {
        int end = Math.min(to, from + PIPE_BYTES);
        if (end == to) {
            return to;
        }
        for (int i = end; i > from; i--) {
            if (bytes[i - 1] == '\n') {
                return i;
            }
        }
        return end;
    }

    /** Returns why the last {@link #write} did not write everything; null if it was not for an error. */
    public @Nullable IOException failure() {
        return failure;
    }

    /** Returns the name for messages. */
    @Override
    public String toString() {
        return path.map(Path::toString).orElse("standard output");
    }

    /** Closes the file; standard output stays open. */
    @Override
    public void close() throws IOException {
        if (path.isPresent()) {
            channel.close();
        }
    }
}
