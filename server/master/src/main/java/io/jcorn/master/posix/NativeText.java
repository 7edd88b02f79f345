package io.jcorn.master.posix;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * Strings as C wants them. Encoded with the charset in which this JVM decoded its own arguments, environment and file
 * names, so that what came in goes out as the same bytes.
 */
final class NativeText {
    private static final Charset CHARSET = charset();

    private NativeText() {}

    /** Returns the bytes of a string with the NUL that ends it. */
    static byte[] terminated(String text) {
        byte[] bytes = bytes(text);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    static byte[] terminated(Path path) {
        return terminated(path.toString());
    }

    static byte[] bytes(String text) {
        return text.getBytes(CHARSET);
    }

    static String string(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, CHARSET);
    }

    /** Returns one block of memory that holds a NULL-ended table of pointers and the strings, each with its NUL, behind it, as argv is. */
    static Pointer table(List<byte[]> encoded) {
        int pointer = LibC.runtime().addressSize();
        int tableSize = (encoded.size() + 1) * pointer;
        int size = tableSize + encoded.stream().mapToInt(bytes -> bytes.length).sum();
        Pointer block = Memory.allocateDirect(LibC.runtime(), size, true);
        int at = tableSize;
        for (int i = 0; i < encoded.size(); i++) {
            byte[] bytes = encoded.get(i);
            block.put(at, bytes, 0, bytes.length);
            block.putAddress((long) i * pointer, block.address() + at);
            at += bytes.length;
        }
        return block;
    }

    static Charset charset() {
        String name = System.getProperty("sun.jnu.encoding", "UTF-8");
        return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    }
}
