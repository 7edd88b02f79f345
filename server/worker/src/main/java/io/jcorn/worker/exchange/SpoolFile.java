package io.jcorn.worker.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file without a name in the temporary folder, for bytes that are too many for memory and that nobody may wait for. It has
 * no name so that it is gone with the process, however that ends.
 */
public final class SpoolFile implements AutoCloseable {

    private static final Path FOLDER = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

    /** A name that is there already, be it a link, is an error. */
    private static final Set<StandardOpenOption> OPTIONS =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);

    private static final FileAttribute<?> OWN =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final FileChannel file;
    private long size;

    private SpoolFile(FileChannel file) {
        this.file = file;
    }

    /** Opens an empty one. */
    public static SpoolFile open() throws IOException {
        // By hand: the JDK's temporary files need secure random numbers, whose source is opened with the first of them.
        Path path = FOLDER.resolve(
                "jcorn-" + Long.toHexString(ThreadLocalRandom.current().nextLong()) + ".spool");
        FileChannel file = FileChannel.open(path, OPTIONS, OWN);
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
