package io.jcorn.wire.forwarded;

import java.util.List;

/** The header fields of a request, however its server keeps them. */
@FunctionalInterface
public interface HeaderLines {

    /**
     * Returns the values of all lines of a field, in order; none: an empty list.
     *
     * @param lowerCaseName its name in lower case; fields are found whatever the case in which they came
     */
    List<String> values(String lowerCaseName);
}
