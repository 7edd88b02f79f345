package io.jcorn.master.settings;

import java.nio.file.Path;
import java.util.List;

/** A type whose value is written as exactly one text. */
abstract class ScalarType<T> implements SettingType<T> {

    private final String placeholder;
    private final String allowed;

    ScalarType(String placeholder, String allowed) {
        this.placeholder = placeholder;
        this.allowed = allowed;
    }

    /** Reads one text; throws what {@link #refuse} makes. */
    abstract T parse(String text, Path base);

    /** Whether an empty text is a value. */
    boolean blankToo() {
        return false;
    }

    /** Writes one value. */
    String write(T value) {
        return String.valueOf(value);
    }

    @Override
    public final T read(List<String> texts, Path base) {
        if (texts.size() != 1) {
            throw new IllegalArgumentException(
                    "one value is wanted, not a list of " + texts.size() + ". Allowed: " + allowed);
        }
        String text = texts.get(0);
        if (text.isBlank() && !blankToo()) {
            throw new IllegalArgumentException("the value is empty. Allowed: " + allowed);
        }
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the value holds a NUL character. Allowed: " + allowed);
        }
        return parse(text, base);
    }

    @Override
    public final List<String> print(T value) {
        return List.of(write(value));
    }

    @Override
    public final String allowed() {
        return allowed;
    }

    @Override
    public final String placeholder() {
        return placeholder;
    }

    /** The refusal of a text: {@code "four" is not a number. Allowed: a whole number from 1 to 512}. */
    final IllegalArgumentException refuse(String text, String why) {
        return new IllegalArgumentException("\"" + text + "\" " + why + ". Allowed: " + allowed);
    }
}
