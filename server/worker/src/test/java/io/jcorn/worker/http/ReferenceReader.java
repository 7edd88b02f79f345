package io.jcorn.worker.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.jcorn.worker.http.Reading.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests slowly and obviously: the grammars of RFC 9110, 9112 and 3986 as regular expressions over the whole of what has
 * come, with no state, no limits and the strict rules. It shares no code with the parsers that it judges.
 */
public final class ReferenceReader {

    private static final String TCHAR = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]";
    private static final String TEXT = "[\\t\\x20-\\x7e\\x80-\\xff]";
    private static final String ESCAPED = "%[0-9A-Fa-f]{2}";
    private static final String PATH = "(?:[A-Za-z0-9\\-._~!$&'()*+,;=:@/|^\\[\\]]++|" + ESCAPED + ")*";
    private static final String QUERY =
            "(?:\\?(?:[A-Za-z0-9\\-._~!$&'()*+,;=:@/?\\[\\]|^`{}\\\\]++|" + ESCAPED + ")*)?";
    private static final String H16 = "[0-9A-Fa-f]{1,4}";
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final String LS32 =
            "(?:" + H16 + ":" + H16 + "|" + OCTET + "\\." + OCTET + "\\." + OCTET + "\\." + OCTET + ")";
    private static final String H = "(?:" + H16 + ":)";
    private static final String IPV6 = "(?:" + H + "{6}" + LS32 + "|::" + H + "{5}" + LS32 + "|(?:" + H16 + ")?::" + H
            + "{4}" + LS32 + "|(?:" + H + "?" + H16 + ")?::" + H + "{3}" + LS32 + "|(?:" + H + "{0,2}" + H16 + ")?::"
            + H + "{2}" + LS32 + "|(?:" + H + "{0,3}" + H16 + ")?::" + H + LS32 + "|(?:" + H + "{0,4}" + H16 + ")?::"
            + LS32 + "|(?:" + H + "{0,5}" + H16 + ")?::" + H16 + "|(?:" + H + "{0,6}" + H16 + ")?::)";
    private static final String AUTHORITY =
            "(?:\\[" + IPV6 + "]|(?:[A-Za-z0-9\\-._~!$&'()*+;=]|%[0-9A-Fa-f]{2})+)(?::([0-9]{0,5}))?";

    private static final Pattern REQUEST_LINE =
            Pattern.compile("([!$%&'*+\\-.^_`|~0-9A-Z]{3,20}) ([^ ]+) HTTP/1\\.([01])");
    private static final Pattern ORIGIN = Pattern.compile("/" + PATH + QUERY);
    private static final Pattern ABSOLUTE =
            Pattern.compile("(?i:https?)://(" + AUTHORITY + ")(?:/" + PATH + ")?" + QUERY);
    private static final Pattern HOST = Pattern.compile(AUTHORITY);
    private static final Pattern FIELD = Pattern.compile("(" + TCHAR + "+):(" + TEXT + "*)");
    private static final Pattern OPTIONS =
            Pattern.compile("[ \\t]*(?:" + TCHAR + "+)?[ \\t]*(?:,[ \\t]*(?:" + TCHAR + "+)?[ \\t]*)*");
    private static final Pattern CHUNK =
            Pattern.compile("([0-9A-Fa-f]{1,15})(?:[ \\t]*;[ \\t]*" + TCHAR + "+(?:[ \\t]*=[ \\t]*(?:" + TCHAR
                    + "+|\"(?:[\\t\\x20\\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]++|\\\\" + TEXT + ")*\"))?)*");

    private final String in;
    private final List<Message> messages = new ArrayList<>();
    private final List<Integer> ends = new ArrayList<>();
    private int at;

    private ReferenceReader(byte[] bytes) {
        this.in = new String(bytes, ISO_8859_1);
    }

    /** Not a request. */
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** Not all of one. */
    private static final class Missing extends Exception {
        private static final long serialVersionUID = 1;
    }

    static Reading read(byte[] bytes) {
        return new ReferenceReader(bytes).read();
    }

    /** Fails if both do not understand the same, as far as the reference can know. */
    public static void assertAgreement(byte[] bytes, Reading ours) {
        Reading reference = read(bytes);
        int count = ours.messages().size();
        boolean alike = ours.oversize()
                ? reference.messages().size() >= count
                        && reference.messages().subList(0, count).equals(ours.messages())
                : reference.messages().equals(ours.messages())
                        && reference.ends().equals(ours.ends())
                        && agree(ours.outcome(), reference.outcome());
        Invariants.require(alike, "the reference understands something else", reference, ours);
    }

    /** We refuse as soon as we see a wrong byte, the reference when an element is complete. */
    private static boolean agree(Outcome ours, Outcome reference) {
        return switch (ours) {
            case REFUSED -> reference == Outcome.REFUSED || reference == Outcome.INCOMPLETE;
            case IDLE, INCOMPLETE -> reference == ours;
            case CLOSED -> reference == Outcome.CLOSED;
        };
    }

    private Reading read() {
        Outcome outcome = Outcome.IDLE;
        try {
            while (outcome == Outcome.IDLE && at < in.length()) {
                outcome = one();
            }
        } catch (Wrong wrong) {
            outcome = Outcome.REFUSED;
        } catch (Missing missing) {
            outcome = Outcome.INCOMPLETE;
        }
        return new Reading(messages, ends, outcome, 0, "");
    }

    private Outcome one() throws Wrong, Missing {
        if ("\r\n".startsWith(in.substring(at))) {
            return idle();
        }
        if (in.startsWith("\r\n", at)) {
            at += 2;
        }
        Matcher request = match(REQUEST_LINE, line());
        boolean http11 = request.group(3).equals("1");
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            Matcher field = match(FIELD, line);
            names.add(field.group(1));
            values.add(trim(field.group(2)));
        }
        String method = request.group(1);
        String authority = target(method, request.group(2));
        host(http11, all(names, values, "host"), authority);
        String options = String.join(",", all(names, values, "connection"));
        match(OPTIONS, options);
        boolean close = list(options).contains("close");
        boolean persistent = !close && (http11 || list(options).contains("keep-alive"));
        List<String> expectations = all(names, values, "expect");
        require(expectations.isEmpty()
                || (expectations.size() == 1 && expectations.get(0).equalsIgnoreCase("100-continue")));
        List<String> codings = all(names, values, "transfer-encoding");
        List<String> lengths = all(names, values, "content-length");
        require(codings.isEmpty() || (http11 && lengths.isEmpty() && codings.size() == 1));
        require(codings.isEmpty() || codings.get(0).equalsIgnoreCase("chunked"));
        require(lengths.size() <= 1);
        require(lengths.isEmpty() || lengths.get(0).matches("[0-9]{1,18}"));
        long length = lengths.isEmpty() ? 0 : Long.parseLong(lengths.get(0));
        boolean content = !codings.isEmpty() || length > 0;
        require(!content || !method.equals("TRACE"));
        boolean goesOn = !expectations.isEmpty() && http11 && content;
        Message message = Message.begin(method + " " + request.group(2) + (http11 ? " 1.1" : " 1.0")
                + (persistent ? " keep" : " close") + (goesOn ? " continue" : ""));
        for (int i = 0; i < names.size(); i++) {
            if (!names.get(i).contains("_")) {
                message.headers().add(names.get(i) + ": " + values.get(i));
            }
        }
        if (codings.isEmpty()) {
            message.body().append(take(length));
        } else {
            chunks(message);
        }
        messages.add(message);
        ends.add(at);
        return persistent ? Outcome.IDLE : Outcome.CLOSED;
    }

    /** What is left is an empty line, or half of one. */
    private Outcome idle() {
        at = in.length();
        return Outcome.IDLE;
    }

    private static @Nullable String target(String method, String target) throws Wrong {
        require(!method.equals("CONNECT"));
        if (target.equals("*")) {
            require(method.equals("OPTIONS"));
            return null;
        }
        if (target.startsWith("/")) {
            match(ORIGIN, target);
            return null;
        }
        Matcher absolute = match(ABSOLUTE, target);
        port(absolute.group(2));
        return absolute.group(1);
    }

    private static void host(boolean http11, List<String> hosts, @Nullable String authority) throws Wrong {
        require(hosts.size() <= 1 && (!http11 || hosts.size() == 1));
        for (String host : hosts) {
            if (!host.isEmpty()) {
                port(match(HOST, host).group(1));
            }
            require(authority == null || authority.equalsIgnoreCase(host));
        }
    }

    private static void port(@Nullable String port) throws Wrong {
        require(port == null || port.isEmpty() || Integer.parseInt(port) <= 65535);
    }

    private void chunks(Message message) throws Wrong, Missing {
        while (true) {
            Matcher chunk = match(CHUNK, line());
            long size = Long.parseLong(chunk.group(1), 16);
            if (size == 0) {
                break;
            }
            message.body().append(take(size));
            require(take(2).equals("\r\n"));
        }
        for (String line = line(); !line.isEmpty(); line = line()) {
            Matcher field = match(FIELD, line);
            if (!field.group(1).contains("_")
                    && Trailers.permitted(field.group(1).toLowerCase(Locale.ROOT))) {
                message.trailer(field.group(1) + ":" + trim(field.group(2)));
            }
        }
    }

    private String line() throws Wrong, Missing {
        int end = in.indexOf("\r\n", at);
        if (end < 0) {
            throw new Missing();
        }
        String line = in.substring(at, end);
        at = end + 2;
        require(line.indexOf('\r') < 0 && line.indexOf('\n') < 0);
        return line;
    }

    private String take(long count) throws Missing {
        if (in.length() - at < count) {
            throw new Missing();
        }
        String taken = in.substring(at, at + (int) count);
        at += (int) count;
        return taken;
    }

    private static List<String> all(List<String> names, List<String> values, String name) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).equalsIgnoreCase(name)) {
                all.add(values.get(i));
            }
        }
        return all;
    }

    private static List<String> list(String text) {
        List<String> list = new ArrayList<>();
        for (String element : text.split(",", -1)) {
            list.add(trim(element).toLowerCase(Locale.ROOT));
        }
        return list;
    }

    private static String trim(String text) {
        return text.replaceAll("^[ \\t]+|[ \\t]+$", "");
    }

    private static Matcher match(Pattern grammar, String text) throws Wrong {
        Matcher matcher = grammar.matcher(text);
        require(matcher.matches());
        return matcher;
    }

    private static void require(boolean right) throws Wrong {
        if (!right) {
            throw new Wrong();
        }
    }
}
