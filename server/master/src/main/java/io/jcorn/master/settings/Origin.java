package io.jcorn.master.settings;

/** Where a value comes from. Its text is what the user is shown. */
public sealed interface Origin {

    /** Nobody set it. */
    record Default() implements Origin {
        @Override
        public String toString() {
            return "default";
        }
    }

    /**
     * A line of a configuration file.
     *
     * @param file its path, as short as it can be said from the current folder
     * @param line from 1; 0 if it is not known
     */
    record File(String file, int line) implements Origin {
        @Override
        public String toString() {
            return line > 0 ? file + ":" + line : file;
        }
    }

    /**
     * An environment variable.
     *
     * @param variable its name
     */
    record Environment(String variable) implements Origin {
        @Override
        public String toString() {
            return "environment " + variable;
        }
    }

    /**
     * The command line.
     *
     * @param flag the flag as it was written, such as {@code -w}; the placeholder for an argument without a flag
     */
    record Flag(String flag) implements Origin {
        @Override
        public String toString() {
            return (flag.startsWith("-") ? "flag " : "argument ") + flag;
        }
    }
}
