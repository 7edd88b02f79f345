package io.jcorn.examples.hello;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The query of a request, {@code a=1&b=2}. Collects what is wrong with it, so that all of it is said in one answer. */
final class Parameters {

    private final Map<String, String> values;
    private final List<String> errors = new ArrayList<>();

    private Parameters(Map<String, String> values) {
        this.values = values;
    }

    static Parameters of(HttpExchange exchange) {
        Map<String, String> values = new HashMap<>();
        String query = exchange.getRequestURI().getQuery();
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                String[] parts = pair.split("=", 2);
                values.put(parts[0], parts.length == 2 ? parts[1] : "");
            }
        }
        return new Parameters(values);
    }

    /** Returns a whole number of the range, {@code standard} when it is not given or wrong. */
    long number(String name, long standard, long least, long most) {
        String text = values.get(name);
        if (text == null) {
            return standard;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through to the same complaint.
        }
        errors.add(name + "=" + text + " is not a number from " + least + " to " + most);
        return standard;
    }

    /** Answers 400 when something was wrong, and says whether it did. */
    boolean refused(HttpExchange exchange) throws IOException {
        if (errors.isEmpty()) {
            return false;
        }
        Reply.text(exchange, 400, String.join("; ", errors));
        return true;
    }
}
