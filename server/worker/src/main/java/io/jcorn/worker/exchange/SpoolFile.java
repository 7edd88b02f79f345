package io.jcorn.worker.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file without a name in the temporary folder, for bytes that are too many for memory and that nobody may wait for. It has
 * no name so that it is gone with the process, however that ends.
 */
public final class SpoolFile implements AutoCloseable {

    private final FileChannel file;
    private long size;

    private SpoolFile(FileChannel file) {
        this.file = file;
    }

    /** Opens an empty one. */
    public static SpoolFile open() throws IOException {
        Path path = Files.createTempFile("jcorn-", ".spool");
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Files.delete(path);
        return new SpoolFile(file);
    }

    /** Appends what the buffer has. */
    public void append(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            size += file.write(bytes, size);
        }
    }

    /** Reads from a position; -1 at the end. */
    public int read(byte[] target, int offset, int length, long position) throws IOException {
        return file.read(ByteBuffer.wrap(target, offset, length), position);
    }

    /** Returns how many bytes there are. */
    public long size() {
        return size;
    }

    /** Returns the file itself, to be sent by the kernel. */
    public FileChannel file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
