package io.jcorn.worker.files;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The path of a request below a mount, as names of files. It is decoded once; whatever could mean anything but a plain name, to us
 * or to any file system, makes it no path at all.
 *
 * @param names the names of the folders and, unless this is a {@link #folder}, of the file
 * @param folder whether the path ends with a slash
 */
record TargetPath(List<String> names, boolean folder) {

    /** NAME_MAX of Linux, in bytes. */
    private static final int LONGEST = 255;

    /** RFC 8615: the one name with a dot that is meant for everybody. */
    private static final String WELL_KNOWN = ".well-known";

    /**
     * Reads a path.
     *
     * @param text what comes behind the mount's prefix, as it was sent: empty, or it begins with a slash
     * @return null if it names nothing that is served: empty and dotted names, encoded slashes, backslashes, control characters,
     *     wrong percent-encoding, bytes that are not UTF-8
     */
    static @Nullable TargetPath parse(String text) {
        List<String> names = new ArrayList<>();
        int from = 1;
        while (from < text.length()) {
            int slash = text.indexOf('/', from);
            int end = slash < 0 ? text.length() : slash;
            String name = decode(text, from, end);
            if (name == null || name.isEmpty() || hidden(name)) {
                return null;
            }
            names.add(name);
            from = end + 1;
        }
        return new TargetPath(names, text.endsWith("/"));
    }

    /** Whether a name is not for everybody: among them . and .., which are names of folders nowhere. */
    static boolean hidden(String name) {
        return name.startsWith(".") && !name.equals(WELL_KNOWN);
    }

    private static @Nullable String decode(String text, int from, int end) {
        ByteBuffer bytes = ByteBuffer.allocate(end - from);
        for (int i = from; i < end; i++) {
            int octet = text.charAt(i);
            if (octet == '%') {
                octet = escaped(text, i + 1, end);
                i += 2;
            }
            if (octet < 0x20 || octet > 0xff || octet == 0x7f || octet == '/' || octet == '\\') {
                return null;
            }
            bytes.put((byte) octet);
        }
        if (bytes.flip().limit() > LONGEST) {
            return null;
        }
        try {
            // A new decoder reports what is malformed, overlong forms included; String's constructor replaces it.
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static int escaped(String text, int from, int end) {
        int high = from + 1 < end ? hex(text.charAt(from)) : -1;
        int low = high < 0 ? -1 : hex(text.charAt(from + 1));
        return low < 0 ? -1 : 16 * high + low;
    }

    private static int hex(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }
}
