package io.jcorn.examples.guestbook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Optional;

/** A picture, and what kind of picture it is: one that browsers show and that holds no script. */
final class Picture {

    private final String type;
    private final byte[] bytes;

    private Picture(String type, byte[] bytes) {
        this.type = type;
        this.bytes = bytes;
    }

    /** Looks at the first bytes: what the browser says of a file is only what it guesses of its name. */
    static Optional<Picture> of(byte[] bytes) {
        String start = new String(bytes, 0, Math.min(bytes.length, 12), ISO_8859_1);
        String type = "";
        if (start.startsWith("\u0089PNG\r\n\u001a\n")) {
            type = "image/png";
        } else if (start.startsWith("\u00ff\u00d8\u00ff")) {
            type = "image/jpeg";
        } else if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) {
            type = "image/gif";
        } else if (start.startsWith("RIFF") && start.endsWith("WEBP")) {
            type = "image/webp";
        }
        return type.isEmpty() ? Optional.empty() : Optional.of(new Picture(type, bytes));
    }

    String type() {
        return type;
    }

    byte[] bytes() {
        return bytes;
    }
}
