package io.jcorn.master.settings;

/**
 * One thing that is wrong with the configuration.
 *
 * @param origin where
 * @param key the setting's key as the user wrote it; empty: the whole file
 * @param message what is wrong, what is allowed and, where there is one, the cure; one or more sentences
 */
public record Problem(Origin origin, String key, String message) {

    /** Returns one line for the user. */
    @Override
    public String toString() {
        return switch (where()) {
            case "" -> message;
            default -> where() + ": " + message;
        };
    }

    private String where() {
        if (origin instanceof Origin.File file) {
            return key.isEmpty() ? file.toString() : file + ": " + key;
        }
        if (origin instanceof Origin.Environment environment) {
            return environment.variable();
        }
        if (origin instanceof Origin.Flag flag) {
            return flag.flag().startsWith("-") ? flag.flag() : "";
        }
        return key;
    }
}
