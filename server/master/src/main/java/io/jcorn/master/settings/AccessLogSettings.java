package io.jcorn.master.settings;

import io.jcorn.wire.AccessLogOptions;
import io.jcorn.wire.AccessLogOptions.Output;
import io.jcorn.wire.access.AccessFormat;
import io.jcorn.wire.syslog.SyslogAddress;
import io.jcorn.wire.syslog.SyslogAddress.Transport;
import io.jcorn.wire.syslog.SyslogFacility;
import io.jcorn.wire.syslog.SyslogOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The settings of the access log. As in {@link Settings}. */
public final class AccessLogSettings {

    private static final List<Setting<?>> REGISTRY = new ArrayList<>();

    /**
     * Where lines go.
     *
     * @param file empty: standard output
     */
    public record Place(Optional<Path> file) {
        @Override
        public String toString() {
            return file.map(Path::toString).orElse("-");
        }
    }

    public static final Setting<Optional<Place>> ACCESS_LOGFILE = setting(
                    "access-logfile", CompoundTypes.optional(place()))
            .without("no access log", "-", "/var/log/jcorn/access.log")
            .prose("The file that gets a line for each request; - is standard output.", """
                    For the worker classes handler and servlet. All workers append whole lines to it. A request that
                    died with its handler worker gets its line from the master, with the reason. The signal USR1 opens
                    the file anew, after logrotate has moved it away. A disk that is full costs lines, never requests.
                    """);

    public static final Setting<AccessFormat> ACCESS_LOGFORMAT = setting(
                    "access-logformat", format(), AccessLogOptions.COMBINED)
            .prose("What a line of the access log says; json is one JSON object per line.", """
                    gunicorn's atoms: %(h)s client, %(l)s -, %(u)s user, %(t)s time, %(r)s request line, %(m)s method,
                    %(U)s path, %(q)s query, %(H)s protocol, %(s)s status, %(b)s and %(B)s bytes of the body, %(f)s
                    referer, %(a)s user agent, %(T)s seconds, %(M)s milliseconds, %(D)s microseconds, %(L)s seconds with
                    fraction, %(p)s process id, %({NAME}i)s header of the request, %({NAME}o)s of the response,
                    %({NAME}e)s variable; and jcorn's own %({slot}j)s, %({generation}j)s and %({end}j)s, which is why
                    a response is not complete. What a client sent is escaped. See docs/access-log.md.
                    """);

    public static final Setting<Boolean> LOG_SYSLOG = setting("log-syslog", ScalarTypes.truth(), "false")
            .onlyOnRestart()
            .prose("Sends the error log and the access log to a syslog daemon too.", """
                    The error log is that of the master and of handler workers, the access log that of handler and
                    servlet workers; these cannot send to unix://PATH#dgram, which Java does not know.
                    The files stay as they are; without access-logfile the lines of requests go to the daemon alone.
                    Nobody waits for the daemon: what it does not take is lost, which the error log tells.
                    """);

    public static final Setting<SyslogAddress> LOG_SYSLOG_TO = setting(
                    "log-syslog-to", syslogAddress(), "udp://localhost:514")
            .onlyOnRestart()
            .prose("Where the syslog daemon listens.", """
                    unix:///dev/log#dgram is the machine's own on most systems. unix://PATH without a type is a stream,
                    and without a port it is 514, as in gunicorn.
                    """);

    public static final Setting<Optional<String>> LOG_SYSLOG_PREFIX = setting(
                    "log-syslog-prefix", CompoundTypes.optional(ScalarTypes.text("NAME", "a text of one line")))
            .onlyOnRestart()
            .without("name, or the application's file name", "shop")
            .prose("What stands in the tag of every message: jcorn.PREFIX.access and jcorn.PREFIX.error.", """
                    Characters that a tag must not have become underscores.
                    """);

    public static final Setting<SyslogFacility> LOG_SYSLOG_FACILITY = setting(
                    "log-syslog-facility", ScalarTypes.choice("NAME", SyslogFacility.class), "user")
            .onlyOnRestart()
            .prose("The facility of every message.", "");

    public static final Setting<Boolean> DISABLE_REDIRECT_ACCESS_TO_SYSLOG = setting(
                    "disable-redirect-access-to-syslog", ScalarTypes.truth(), "false")
            .onlyOnRestart()
            .prose("Keeps the access log from going to the syslog daemon.", "");

    private AccessLogSettings() {}

    static List<Setting<?>> all() {
        return Collections.unmodifiableList(REGISTRY);
    }

    /** Returns what a worker is told of it. */
    public static AccessLogOptions options(Configuration configuration) {
        Optional<Place> place = configuration.get(ACCESS_LOGFILE);
        Output output =
                place.isEmpty() ? Output.NONE : place.get().file().isPresent() ? Output.FILE : Output.STANDARD_OUTPUT;
        return new AccessLogOptions(
                output,
                place.flatMap(Place::file),
                configuration.get(ACCESS_LOGFORMAT).toString());
    }

    /** Returns what goes to a syslog daemon; empty: there is none. */
    public static Optional<SyslogOptions> syslog(Configuration configuration) {
        if (!configuration.get(LOG_SYSLOG)) {
            return Optional.empty();
        }
        String prefix = configuration
                .get(LOG_SYSLOG_PREFIX)
                .or(() -> configuration.get(Settings.NAME))
                .orElseGet(() -> configuration
                        .get(Settings.APPLICATION)
                        .map(application -> String.valueOf(application.path().getFileName()))
                        .orElse("jcorn"));
        return Optional.of(new SyslogOptions(
                configuration.get(LOG_SYSLOG_TO),
                configuration.get(LOG_SYSLOG_FACILITY),
                prefix.replaceAll("[^A-Za-z0-9._-]", "_"),
                !configuration.get(DISABLE_REDIRECT_ACCESS_TO_SYSLOG)));
    }

    /** Returns what goes there from a worker on Java's own sockets: the lines of requests, and not to a socket that Java lacks. */
    public static Optional<SyslogOptions> syslogOfServlets(Configuration configuration) {
        return syslog(configuration).filter(SyslogOptions::access).filter(AccessLogSettings::streamOrUdp);
    }

    private static boolean streamOrUdp(SyslogOptions options) {
        return options.address().transport() != Transport.UNIX_DATAGRAM;
    }

    private static ScalarType<SyslogAddress> syslogAddress() {
        return new ScalarType<>("ADDRESS", "udp://HOST:PORT, tcp://HOST:PORT, unix://PATH#stream, unix://PATH#dgram") {
            @Override
            SyslogAddress parse(String text, Path base) {
                try {
                    return SyslogAddress.parse(text.strip());
                } catch (IllegalArgumentException e) {
                    throw refuse(text, String.valueOf(e.getMessage()));
                }
            }
        };
    }

    private static ScalarType<Place> place() {
        return new ScalarType<>("FILE", "a file, or - for standard output") {
            @Override
            Place parse(String text, Path base) {
                return new Place(text.equals("-") ? Optional.empty() : Optional.of(ScalarTypes.resolve(text, base)));
            }
        };
    }

    private static ScalarType<AccessFormat> format() {
        return new ScalarType<>("FORMAT", "json, or text with atoms such as %(h)s") {
            @Override
            AccessFormat parse(String text, Path base) {
                try {
                    return AccessFormat.parse(text);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(
                            "\"" + text.replaceAll("\\p{Cntrl}", "?") + "\" " + e.getMessage());
                }
            }
        };
    }

    private static <T> Setting.Block<T> setting(String key, SettingType<T> type, String... texts) {
        return new Setting.Block<>(REGISTRY, Section.LOGS, key, type, texts);
    }
}
