package io.jcorn.master.settings;

/**
 * One thing that is wrong with the configuration.
 *
 * @param origin where
 * @param key the setting's key as the user wrote it; empty: the whole file
 * @param message what is wrong, what is allowed and, where there is one, the cure; one or more sentences
 */
public record Problem(Origin origin, String key, String message) {

    /** Returns one line for the user: what somebody wrote may hold anything, but breaks no line here. */
    @Override
    public String toString() {
        String where = where();
        String text = where.isEmpty() ? message : where + ": " + message;
        return text.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]", "?");
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
