package io.jcorn.master.posix;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The environment of this process, byte by byte. A variable may hold any bytes, and a JVM replaces those that the locale does
 * not know: what is inherited and handed on must not change by that.
 */
final class EnvironmentBytes {

    /** The variables, {@code NAME=VALUE} as the JVM has decoded them, that would be written otherwise than they were read. */
    private final Map<String, byte[]> changed = new HashMap<>();

    private final Charset charset;

    /**
     * Reads a process's environment.
     *
     * @param environ see proc(5); where it cannot be read, the JVM's own view must do
     */
    EnvironmentBytes(Path environ, Charset charset) {
        this.charset = charset;
        byte[] all = bytes(environ);
        int start = 0;
        for (int i = 0; i < all.length; i++) {
            if (all[i] == 0) {
                note(Arrays.copyOfRange(all, start, i));
                start = i + 1;
            }
        }
    }

    private static byte[] bytes(Path environ) {
        try {
            return Files.readAllBytes(environ);
        } catch (IOException e) {
            return new byte[0];
        }
    }

    private void note(byte[] variable) {
        String decoded = new String(variable, charset);
        if (!Arrays.equals(decoded.getBytes(charset), variable)) {
            changed.put(decoded, variable);
        }
    }

    /** Returns the strings of an environment as C wants them, with the NUL that ends each. */
    List<byte[]> encode(Map<String, String> environment) {
        return environment.entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue())
                .map(text -> changed.getOrDefault(text, text.getBytes(charset)))
                .map(bytes -> Arrays.copyOf(bytes, bytes.length + 1))
                .toList();
    }
}
