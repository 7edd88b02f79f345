package io.jcorn.worker.http;

import com.sun.net.httpserver.Headers;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a response, as {@link Headers} are in every respect, but without a map, a list and a node for each of the
 * two or three fields that most responses have.
 *
 * <pre>
 *   flat: a row of names and values ── anything but a plain set, add or look at one field ─► the map of the superclass
 * </pre>
 *
 * <p>Only names and values that the superclass takes without a word are kept in the row. For all others it decides itself,
 * and what it does differs between versions of Java. Not thread-safe, as it is.
 */
public final class ResponseHeaders extends Headers {

    /** Fields beyond this are looked up faster in a map. */
    private static final int MOST = 16;

    /** Names in their normal form at even places, each followed by its value; null once the map holds them. */
    private @Nullable String @Nullable [] row = new String[6];

    private int fields;

    /** Headers without a field. */
    public ResponseHeaders() {}

    /** Returns how many fields there are, counting repeated ones; -1: {@link #name} and {@link #value} do not know. */
    int flat() {
        return row == null ? -1 : fields;
    }

    /** Returns the name of one of the {@link #flat} fields. */
    String name(int field) {
        return at(2 * field);
    }

    /** Returns the value of one of the {@link #flat} fields. */
    String value(int field) {
        return at(2 * field + 1);
    }

    private String at(int place) {
        return Objects.requireNonNull(Objects.requireNonNull(row)[place]);
    }

    /** Returns the first field of a name from a place on, or -1. */
    private int find(String name, int from) {
        for (int field = from; field < fields; field++) {
            if (name(field).equals(name)) {
                return field;
            }
        }
        return -1;
    }

    /** Returns the normal form of a name whose field can be kept in the row, else null. */
    private @Nullable String takes(@Nullable String name, @Nullable String value) {
        if (row == null || fields == MOST || name == null || value == null || !FieldNames.inLine(value)) {
            return null;
        }
        FieldNames.Known known = FieldNames.look(name);
        return known.inLine() ? known.normal() : null;
    }

    private void append(String name, String value) {
        @Nullable String[] row = Objects.requireNonNull(this.row);
        if (2 * fields == row.length) {
            row = Arrays.copyOf(row, 2 * row.length);
            this.row = row;
        }
        row[2 * fields] = name;
        row[2 * fields + 1] = value;
        fields++;
    }

    private void drop(int field) {
        @Nullable String[] row = Objects.requireNonNull(this.row);
        System.arraycopy(row, 2 * field + 2, row, 2 * field, 2 * (fields - field - 1));
        fields--;
    }

    /** From now on the superclass holds the fields. */
    private void unroll() {
        @Nullable String[] row = this.row;
        if (row != null) {
            this.row = null;
            for (int field = 0; field < fields; field++) {
                super.add(Objects.requireNonNull(row[2 * field]), Objects.requireNonNull(row[2 * field + 1]));
            }
        }
    }

    // ---- what a handler does with every response

    @Override
    public void set(String key, String value) {
        String name = takes(key, value);
        if (name == null) {
            unroll();
            super.set(key, value);
            return;
        }
        int field = find(name, 0);
        if (field < 0) {
            append(name, value);
            return;
        }
        Objects.requireNonNull(row)[2 * field + 1] = value;
        for (int other = find(name, field + 1); other >= 0; other = find(name, other)) {
            drop(other);
        }
    }

    @Override
    public void add(String key, String value) {
        String name = takes(key, value);
        if (name == null) {
            unroll();
            super.add(key, value);
        } else {
            append(name, value);
        }
    }

    @Override
    @SuppressWarnings("NullAway") // The contract of Headers: null for an absent field.
    public String getFirst(String key) {
        if (row == null || key == null || !FieldNames.look(key).inLine()) {
            return super.getFirst(key);
        }
        int field = find(FieldNames.normalize(key), 0);
        return field < 0 ? null : value(field);
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        if (row != null && key instanceof String name && FieldNames.look(name).inLine()) {
            return find(FieldNames.normalize(name), 0) >= 0;
        }
        return super.containsKey(key);
    }

    @Override
    public boolean isEmpty() {
        return row == null ? super.isEmpty() : fields == 0;
    }

    // ---- everything else

    @Override
    public int size() {
        unroll();
        return super.size();
    }

    @Override
    public boolean containsValue(@Nullable Object value) {
        unroll();
        return super.containsValue(value);
    }

    @Override
    @SuppressWarnings("NullAway") // The contract of Map: null for what is not there.
    public List<String> get(@Nullable Object key) {
        unroll();
        return super.get(key);
    }

    @Override
    @SuppressWarnings("NullAway") // The contract of Map: null for what was not there.
    public List<String> put(String key, List<String> value) {
        unroll();
        return super.put(key, value);
    }

    @Override
    @SuppressWarnings("NullAway") // The contract of Map: null for what was not there.
    public List<String> remove(@Nullable Object key) {
        unroll();
        return super.remove(key);
    }

    @Override
    public void putAll(Map<? extends String, ? extends List<String>> all) {
        unroll();
        super.putAll(all);
    }

    @Override
    public void clear() {
        unroll();
        super.clear();
    }

    @Override
    public Set<String> keySet() {
        unroll();
        return super.keySet();
    }

    @Override
    public Collection<List<String>> values() {
        unroll();
        return super.values();
    }

    @Override
    public Set<Map.Entry<String, List<String>>> entrySet() {
        unroll();
        return super.entrySet();
    }

    @Override
    public void replaceAll(BiFunction<? super String, ? super List<String>, ? extends List<String>> function) {
        unroll();
        super.replaceAll(function);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        unroll();
        return super.equals(other);
    }

    @Override
    public int hashCode() {
        unroll();
        return super.hashCode();
    }

    @Override
    public String toString() {
        unroll();
        return super.toString();
    }
}
