package io.jcorn.worker.exchange;

import com.sun.net.httpserver.Headers;
import io.jcorn.worker.http.FieldNames;
import io.jcorn.worker.http.RequestHead;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The request's headers: unmodifiable, names in the JDK's form ({@code Content-type}), repeated fields in their order.
 *
 * <p>Most handlers ask for one or two fields, for which the head's bytes are scanned; the map is made when more is asked.
 * {@link Headers} keeps its own map private, so every method is overridden.
 */
final class RequestHeaders extends Headers {

    private static final int SCANS = 4;

    private final RequestHead head;
    private int scans;
    private @Nullable Map<String, List<String>> map;

    RequestHeaders(RequestHead head) {
        this.head = head;
    }

    private Map<String, List<String>> map() {
        Map<String, List<String>> map = this.map;
        if (map == null) {
            map = fill();
            this.map = map;
        }
        return map;
    }

    private Map<String, List<String>> fill() {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        for (int i = 0; i < head.fieldCount(); i++) {
            String name = FieldNames.normalize(head.fieldName(i));
            fields.computeIfAbsent(name, n -> new ArrayList<>(1)).add(head.fieldValue(i));
        }
        fields.replaceAll((name, values) -> Collections.unmodifiableList(values));
        return Collections.unmodifiableMap(fields);
    }

    @Override
    @SuppressWarnings("NullAway") // The JDK's own returns null for an absent field.
    public String getFirst(@Nullable String key) {
        if (key == null) {
            return null;
        }
        if (map == null && scans < SCANS) {
            scans++;
            return head.first(key);
        }
        List<String> values = map().get(FieldNames.normalize(key));
        return values == null ? null : values.get(0);
    }

    @Override
    @SuppressWarnings("NullAway")
    public List<String> get(@Nullable Object key) {
        return key instanceof String name ? map().get(FieldNames.normalize(name)) : null;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return key instanceof String name && map().containsKey(FieldNames.normalize(name));
    }

    @Override
    public boolean containsValue(@Nullable Object value) {
        return map().containsValue(value);
    }

    @Override
    public int size() {
        return map().size();
    }

    @Override
    public boolean isEmpty() {
        return head.fieldCount() == 0;
    }

    @Override
    public Set<String> keySet() {
        return map().keySet();
    }

    @Override
    public Collection<List<String>> values() {
        return map().values();
    }

    @Override
    public Set<Map.Entry<String, List<String>>> entrySet() {
        return map().entrySet();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return map().equals(other);
    }

    @Override
    public int hashCode() {
        return map().hashCode();
    }

    @Override
    public String toString() {
        return "Headers { " + map() + " }";
    }

    @Override
    public void add(String key, String value) {
        throw unmodifiable();
    }

    @Override
    public void set(String key, String value) {
        throw unmodifiable();
    }

    @Override
    public List<String> put(String key, List<String> value) {
        throw unmodifiable();
    }

    @Override
    public void putAll(Map<? extends String, ? extends List<String>> other) {
        throw unmodifiable();
    }

    @Override
    public List<String> remove(Object key) {
        throw unmodifiable();
    }

    @Override
    public void clear() {
        throw unmodifiable();
    }

    private static UnsupportedOperationException unmodifiable() {
        return new UnsupportedOperationException("request headers cannot be modified");
    }
}
