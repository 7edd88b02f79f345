package io.jcorn.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Pairs of keys and values as one text for the environment: {@code key=value;key=value}. A key may come several times. In
 * values the two characters that would end a field have another form.
 *
 * <p>Read at the start of other people's programs, so without lambdas: the first one in a process costs it tens of milliseconds.
 */
final class Fields {

    private final String name;
    private final List<Field> fields;

    private record Field(String key, String value) {}

    private Fields(String name, List<Field> fields) {
        this.name = name;
        this.fields = fields;
    }

    /**
     * No fields yet.
     *
     * @param name the variable that holds them, for messages
     */
    static Fields of(String name) {
        return new Fields(name, new ArrayList<>());
    }

    /**
     * Reads a text.
     *
     * @throws IllegalArgumentException if it is not of the form above
     */
    static Fields parse(String name, String text) {
        Fields result = of(name);
        for (String field : text.split(";", -1)) {
            int equals = field.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(name + ": no key in \"" + field + "\"");
            }
            result.put(field.substring(0, equals), unescape(field.substring(equals + 1)));
        }
        return result;
    }

    Fields put(String key, Object value) {
        fields.add(new Field(key, value.toString()));
        return this;
    }

    /** Returns the keys in order, those that come several times as often. */
    List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (Field field : fields) {
            keys.add(field.key());
        }
        return keys;
    }

    /** Returns all values of a key, in order. */
    List<String> all(String key) {
        List<String> values = new ArrayList<>();
        for (Field field : fields) {
            if (field.key().equals(key)) {
                values.add(field.value());
            }
        }
        return values;
    }

    /** Returns the value of a key, the first one of several. */
    Optional<String> first(String key) {
        List<String> values = all(key);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }

    /** Returns the value of a key that has to be there, the first one of several. */
    String one(String key) {
        List<String> values = all(key);
        if (values.isEmpty()) {
            throw new IllegalArgumentException(name + ": " + key + " is missing");
        }
        return values.get(0);
    }

    /** Returns the value of a key that has to be there and to be a number, at least 0. */
    long number(String key) {
        return number(name, one(key), Long.MAX_VALUE);
    }

    /** Returns the value of a key that has to be there and to be a number that an int holds, at least 0. */
    int integer(String key) {
        return integer(name, one(key));
    }

    /** Reads a number, 0 to 2^31-1. */
    static int integer(String name, String value) {
        return (int) number(name, value, Integer.MAX_VALUE);
    }

    private static long number(String name, String value, long most) {
        long number;
        try {
            number = Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + ": \"" + value + "\" is not a number", e);
        }
        if (number < 0) {
            throw new IllegalArgumentException(name + ": \"" + value + "\" is negative");
        }
        if (number > most) {
            throw new IllegalArgumentException(name + ": \"" + value + "\" is too large");
        }
        return number;
    }

    /** Returns the text. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Field field : fields) {
            text.append(text.isEmpty() ? "" : ";")
                    .append(field.key())
                    .append('=')
                    .append(escape(field.value()));
        }
        return text.toString();
    }

    private static String escape(String value) {
        return value.replace("%", "%25").replace(";", "%3B");
    }

    private static String unescape(String text) {
        return text.replace("%3B", ";").replace("%25", "%");
    }
}
