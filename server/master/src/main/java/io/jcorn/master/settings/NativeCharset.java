package io.jcorn.master.settings;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * The character set of the locale, in which this JVM has decoded its arguments and environment and writes those of the
 * workers. What it does not know would arrive changed, without a word. bin/jcorn sees to it that it is UTF-8 where it would be
 * ASCII.
 */
final class NativeCharset {

    /** What a decoder puts in the place of bytes that mean nothing in its character set. */
    private static final char REPLACEMENT = '\uFFFD';

    private final Charset charset;

    NativeCharset(Charset charset) {
        this.charset = charset;
    }

    /** Returns that of this process. */
    static NativeCharset own() {
        String name = System.getProperty("sun.jnu.encoding", "UTF-8");
        return new NativeCharset(Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8);
    }

    /**
     * Refuses a text that cannot be passed on as it was written.
     *
     * @throws IllegalArgumentException with what helps
     */
    void check(String text) {
        if (text.indexOf(REPLACEMENT) >= 0 || !charset.newEncoder().canEncode(text)) {
            throw unknown(text);
        }
    }

    static IllegalArgumentException unknown(String text) {
        return new IllegalArgumentException("\"" + text + "\" has characters that the locale does not know."
                + " Start jcorn with LC_ALL=C.UTF-8 in the environment");
    }
}
