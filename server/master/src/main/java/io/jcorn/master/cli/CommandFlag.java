package io.jcorn.master.cli;

import java.util.List;

/** A flag that is no setting: it says what the command does, or where the settings are. */
public enum CommandFlag {
    CONFIG(
            "-c",
            "--config",
            "FILE",
            "The configuration file, in HOCON. Without it ./jcorn.conf is read if it is there. Also JCORN_CONFIG."),
    CHECK_CONFIG(
            "",
            "--check-config",
            "",
            "Check the configuration and whether the application can be loaded, and exit: 0 if so, else 1."),
    PRINT_CONFIG("", "--print-config", "", "Print each setting's value and where it comes from, and exit."),
    VERSION("-v", "--version", "", "Print the version and exit."),
    HELP("-h", "--help", "", "Print this help and exit.");

    private final String shortFlag;
    private final String longFlag;
    private final String placeholder;
    private final String summary;

    CommandFlag(String shortFlag, String longFlag, String placeholder, String summary) {
        this.shortFlag = shortFlag;
        this.longFlag = longFlag;
        this.placeholder = placeholder;
        this.summary = summary;
    }

    /** Returns the flag's names, the long one last. */
    public List<String> flags() {
        return shortFlag.isEmpty() ? List.of(longFlag) : List.of(shortFlag, longFlag);
    }

    /** Returns what stands for its value; empty: it has none. */
    public String placeholder() {
        return placeholder;
    }

    /** Returns what it does. */
    public String summary() {
        return summary;
    }

    /** Returns the long flag. */
    public String longFlag() {
        return longFlag;
    }
}
