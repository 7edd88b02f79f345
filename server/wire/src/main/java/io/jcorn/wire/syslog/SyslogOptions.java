package io.jcorn.wire.syslog;

/**
 * What goes to a syslog daemon, and how.
 *
 * @param address where it listens
 * @param facility of every message
 * @param prefix stands in the tag of every message: {@code jcorn.PREFIX.access}, {@code jcorn.PREFIX.error}
 * @param access whether lines of the access log go there
 */
public record SyslogOptions(SyslogAddress address, SyslogFacility facility, String prefix, boolean access) {

    /** Returns it as one text. */
    public String text() {
        return facility + " " + access + " " + prefix + " " + address;
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if it is not what {@link #text} makes
     */
    public static SyslogOptions parse(String text) {
        // Only the path of a Unix socket may hold spaces, and it comes last.
        String[] words = text.split(" ", 4);
        if (words.length < 4) {
            throw new IllegalArgumentException(text + " is not FACILITY ACCESS PREFIX ADDRESS");
        }
        return new SyslogOptions(
                SyslogAddress.parse(words[3]),
                SyslogFacility.valueOf(words[0]),
                words[2],
                Boolean.parseBoolean(words[1]));
    }
}
