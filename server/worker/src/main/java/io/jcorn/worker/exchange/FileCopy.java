package io.jcorn.worker.exchange;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Sends files through this process, where the kernel cannot do it: under TLS, on HTTP/2, several ranges at once. */
public final class FileCopy {

    private FileCopy() {}

    /**
     * Copies a part of a file, and closes it.
     *
     * @throws EOFException if the file has become shorter meanwhile: the response cannot be what its head says
     */
    static void copy(FileChannel file, long position, long count, OutputStream out) throws IOException {
        try (file) {
            append(file, position, count, out);
        }
    }

    /**
     * Copies a part of a file, which stays open.
     *
     * @throws EOFException if the file has become shorter meanwhile: the response cannot be what its head says
     */
    public static void append(FileChannel file, long position, long count, OutputStream out) throws IOException {
        byte[] array = new byte[(int) Math.min(count, ResponseBody.SEGMENT)];
        long at = position;
        long end = position + count;
        while (at < end) {
            int wanted = (int) Math.min(array.length, end - at);
            int read = file.read(ByteBuffer.wrap(array, 0, wanted), at);
            if (read < 0) {
                throw new EOFException("the file has become shorter while it was sent");
            }
            out.write(array, 0, read);
            at += read;
        }
    }
}
