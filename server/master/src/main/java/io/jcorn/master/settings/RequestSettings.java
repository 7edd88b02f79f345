package io.jcorn.master.settings;

import static io.jcorn.master.settings.ScalarTypes.choice;
import static io.jcorn.master.settings.ScalarTypes.truth;

import io.jcorn.master.settings.CompoundTypes.Separator;
import io.jcorn.wire.RequestReading.HeaderMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * How strictly the requests for handlers and servlets are read. As in {@link Settings}. Names and defaults are gunicorn's; its
 * strip-header-spaces is missing on purpose, see {@link Renamed#withheld}.
 */
public final class RequestSettings {

    private static final List<Setting<?>> REGISTRY = new ArrayList<>();

    public static final Setting<Boolean> PERMIT_OBSOLETE_FOLDING = setting("permit-obsolete-folding", truth(), "false")
            .prose("Whether a header field may go on in the next line, which begins with space.", """
                    HTTP dropped this in 2014 (RFC 9112, section 5.2); a request that does it is answered with 400. If it
                    is permitted, the line break and the space around it become one space. Fields that the message hangs
                    on, as Content-Length and Host, may not be folded even so.
                    """);

    public static final Setting<Boolean> PERMIT_UNCONVENTIONAL_HTTP_METHOD = setting(
                    "permit-unconventional-http-method", truth(), "false")
            .prose("Whether methods may be any token of RFC 9110.", """
                    Otherwise a method has 3 to 20 characters, none of them a lower-case letter or #, as all that are
                    registered; another is answered with 400.
                    """);

    public static final Setting<Boolean> PERMIT_UNCONVENTIONAL_HTTP_VERSION = setting(
                    "permit-unconventional-http-version", truth(), "false")
            .prose("Whether HTTP/1.2 to HTTP/1.9 are taken for HTTP/1.1.", """
                    Nobody speaks them; RFC 9110, section 2.5, would have them read so. Otherwise they are answered with
                    505, and so are HTTP/0.9, HTTP/2.0 and HTTP/3.0 as the version of a request line in any case, which
                    gunicorn permits too.
                    """);

    public static final Setting<Boolean> CASEFOLD_HTTP_METHOD =
            setting("casefold-http-method", truth(), "false").prose("Whether methods are turned into upper case.", """
                    Methods are case-sensitive (RFC 9110, section 9.1), so this changes what a client has said. It comes
                    before the rule of permit-unconventional-http-method; in gunicorn it comes after.
                    """);

    public static final Setting<HeaderMap> HEADER_MAP = setting("header-map", choice("POLICY", HeaderMap.class), "drop")
            .prose("What happens to header fields whose name has an underscore.", """
                    Gateways and frameworks that map names to variables cannot tell X_Forwarded_For from
                    X-Forwarded-For, which a client could use to say what only the proxy may say. drop leaves them out,
                    refuse answers with 400, dangerous passes them on. See forwarder-headers for exceptions.
                    """);

    public static final Setting<List<String>> FORWARDER_HEADERS = setting(
                    "forwarder-headers", names(), "SCRIPT_NAME", "PATH_INFO")
            .prose("Names with underscores that a trusted proxy may send whatever header-map says.", """
                    Trusted is who forwarded-allow-ips names. * stands for all names; an empty list for none.
                    """);

    public static final Setting<String> ROOT_PATH = setting("root-path", HostedTypes.contextPath(), "/")
            .prose("The path under which clients see the application.", """
                    For a proxy that takes away a part of the path: the application finds it in
                    exchange.getHttpContext().getPath(), to make links with. The request's URI is not changed.
                    """);

    private RequestSettings() {}

    static List<Setting<?>> all() {
        return Collections.unmodifiableList(REGISTRY);
    }

    /** Unlike other lists it may be empty also on the command line. */
    private static SettingType<List<String>> names() {
        return new CompoundTypes.Delegating<>(CompoundTypes.list(name(), Separator.COMMA)) {
            @Override
            public List<String> split(String text, boolean variable) {
                return text.isBlank() ? List.of() : super.split(text, variable);
            }
        };
    }

    private static ScalarType<String> name() {
        return new ScalarType<>("NAME", "names of header fields such as SCRIPT_NAME, or * for all") {
            @Override
            String parse(String text, Path base) {
                String written = text.strip();
                if (!written.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
                    throw refuse(text, "holds a character that no name of a header field has");
                }
                return written;
            }
        };
    }

    private static <T> Setting.Block<T> setting(String key, SettingType<T> type, String... texts) {
        return new Setting.Block<>(REGISTRY, Section.READING, key, type, texts);
    }
}
