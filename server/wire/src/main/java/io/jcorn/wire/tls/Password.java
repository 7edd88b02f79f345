package io.jcorn.wire.tls;

import io.jcorn.wire.tls.CredentialsException.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What opens encrypted keys and key stores: the first line of a file. */
final class Password {

    private final Path file;
    private final String text;

    private Password(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    static Password read(Path file) throws CredentialsException {
        String text = new String(Contents.of(file, Source.PASSWORD), StandardCharsets.UTF_8);
        String line = text.lines().findFirst().orElse("");
        if (line.isEmpty()) {
            throw new CredentialsException(
                    Source.PASSWORD, file + " is to hold a password, and its first line is empty");
        }
        return new Password(file, line);
    }

    Path file() {
        return file;
    }

    /** Whether it has only the characters that Java's own password-based ciphers take. */
    boolean ascii() {
        return text.chars().allMatch(each -> each >= ' ' && each <= '~');
    }

    char[] characters() {
        return text.toCharArray();
    }
}
