package io.jcorn.wire.forwarded;

import java.util.Locale;

/**
 * A header by which a proxy says that its client came by https: gunicorn's {@code secure_scheme_headers}.
 *
 * @param name its name; its case does not matter
 * @param value what it says for https, exactly; any other value means http
 */
public record SchemeHeader(String name, String value) {

    /** Returns the name as {@link HeaderLines} wants it. */
    String lowerCaseName() {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Returns it as {@code NAME=VALUE}. */
    @Override
    public String toString() {
        return name + "=" + value;
    }

    /**
     * Reads {@code NAME=VALUE}.
     *
     * @throws IllegalArgumentException if it is not of this form
     */
    public static SchemeHeader parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 1 || equals == text.length() - 1) {
            throw new IllegalArgumentException("is not NAME=VALUE");
        }
        return new SchemeHeader(text.substring(0, equals), text.substring(equals + 1));
    }
}
