package io.jcorn.wire;

import java.util.ArrayList;
import java.util.List;

/** Program arguments of workers of ours, each {@code --name=value}; a name may come several times. */
final class ProgramArguments {

    private final List<String> arguments;

    private ProgramArguments(List<String> arguments) {
        this.arguments = arguments;
    }

    static ProgramArguments none() {
        return new ProgramArguments(new ArrayList<>());
    }

    static ProgramArguments of(List<String> arguments) {
        return new ProgramArguments(arguments);
    }

    ProgramArguments put(String name, Object value) {
        arguments.add("--" + name + "=" + value);
        return this;
    }

    /** Returns all values of a name, in order. */
    List<String> any(String name) {
        String prefix = "--" + name + "=";
        return arguments.stream()
                .filter(argument -> argument.startsWith(prefix))
                .map(argument -> argument.substring(prefix.length()))
                .toList();
    }

    /** Returns the value of a name that has to be there once. */
    String one(String name) {
        List<String> values = any(name);
        if (values.size() != 1) {
            throw new IllegalArgumentException("--" + name + " must be given once: only a jcorn master starts workers");
        }
        return values.get(0);
    }

    int integer(String name) {
        return Integer.parseInt(one(name));
    }

    long number(String name) {
        return Long.parseLong(one(name));
    }

    List<String> toList() {
        return List.copyOf(arguments);
    }
}
