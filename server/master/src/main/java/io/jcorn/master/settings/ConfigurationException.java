package io.jcorn.master.settings;

import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used: everything that is wrong with it, at least one problem. */
public final class ConfigurationException extends Exception {

    private final transient List<Problem> problems;

    public ConfigurationException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** Returns the problems in the order in which a reader meets them; the message has one line for each. */
    public List<Problem> problems() {
        return problems;
    }
}
