package io.jcorn.wire.access;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes lines in one format. Not thread-safe, and makes nothing per line, so that it can stay on an event loop. */
public final class AccessFormatter {

    private static final byte[] CLIENT = key("client");
    private static final byte[] USER = key("user");
    private static final byte[] METHOD = key("method");
    private static final byte[] TARGET = key("target");
    private static final byte[] PROTOCOL = key("protocol");
    private static final byte[] STATUS = key("status");
    private static final byte[] BYTES = key("bytes");
    private static final byte[] DURATION = key("duration_us");
    private static final byte[] REFERER = key("referer");
    private static final byte[] AGENT = key("user_agent");
    private static final byte[] END = key("end");
    private static final byte[] TIME = "{\"time\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    private final boolean json;
    private final boolean namesEnd;
    private final Part[] parts;
    private final byte[] identity;
    private final TimeStamp stamp;
    private final Slice slice = new Slice();

    /**
     * Whose lines these are.
     *
     * @param pid the worker's process id
     * @param slot the worker's slot
     * @param generation the worker's generation
     * @param environment the worker's environment variables
     */
    public record Identity(long pid, int slot, int generation, Map<String, String> environment) {
        public Identity {
            environment = Map.copyOf(environment);
        }

        private String constant(String name) {
            return switch (name) {
                case "{pid}j" -> Long.toString(pid);
                case "{slot}j" -> Integer.toString(slot);
                case "{generation}j" -> Integer.toString(generation);
                default -> variable(name);
            };
        }

        /** gunicorn forgives the case of a name. */
        private String variable(String name) {
            String exact = environment.get(name);
            if (exact != null) {
                return exact;
            }
            for (Map.Entry<String, String> entry : environment.entrySet()) {
                if (entry.getKey().equalsIgnoreCase(name)) {
                    return entry.getValue();
                }
            }
            return "";
        }
    }

    /** A formatter of one worker's lines, with times of a zone. */
    public AccessFormatter(AccessFormat format, Identity identity, ZoneId zone) {
        List<Part> parts = new ArrayList<>(format.parts(identity::constant));
        this.json = format.json();
        this.parts = parts.toArray(new Part[0]);
        this.namesEnd = parts.stream().anyMatch(part -> part.atom() == Atom.END);
        this.identity = (",\"pid\":" + identity.pid() + ",\"slot\":" + identity.slot() + ",\"generation\":"
                        + identity.generation())
                .getBytes(StandardCharsets.US_ASCII);
        this.stamp = new TimeStamp(zone);
    }

    private static byte[] key(String name) {
        return (",\"" + name + "\":").getBytes(StandardCharsets.US_ASCII);
    }

    /** Appends the line of a request, with its end. */
    public void append(LineBuffer out, AccessSource source) {
        if (json) {
            json(out, source);
        } else {
            for (Part part : parts) {
                part(out, part, source);
            }
        }
        out.put('\n');
    }

    /**
     * Appends the line of a request that died with its worker. What became of it is told in any case: where the format has no
     * atom for that, a quoted text at the end of the line tells it.
     */
    public void appendWithEnd(LineBuffer out, AccessSource source) {
        if (json || namesEnd) {
            append(out, source);
            return;
        }
        for (Part part : parts) {
            part(out, part, source);
        }
        out.put(' ').put('"');
        slice.set(String.valueOf(source.end()));
        out.escaped(slice, true).put('"').put('\n');
    }

    private void part(LineBuffer out, Part part, AccessSource source) {
        slice.clear();
        switch (part.atom()) {
            case LITERAL -> out.put(part.literal());
            case TIME -> stamp.common(out, source.endMillis());
            case REQUEST_LINE -> requestLine(out, part, source);
            case STATUS -> out.digits(source.status(), 3);
            case BODY_OR_DASH, BODY -> {
                if (source.bodyBytes() < 0) {
                    out.put('-');
                } else {
                    out.put(source.bodyBytes());
                }
            }
            case SECONDS -> out.put(source.durationNanos() / 1_000_000_000);
            case MILLIS -> out.put(source.durationNanos() / 1_000_000);
            case MICROS -> out.put(source.durationNanos() / 1_000);
            case DECIMAL_SECONDS -> {
                long micros = source.durationNanos() / 1_000;
                out.put(micros / 1_000_000).put('.').digits(micros % 1_000_000, 6);
            }
            default -> {
                take(part, source);
                value(out, part);
            }
        }
    }

    private void take(Part part, AccessSource source) {
        switch (part.atom()) {
            case CLIENT -> source.client(slice);
            case USER -> source.user(slice);
            case METHOD -> source.method(slice);
            case TARGET -> source.target(slice);
            case VERSION -> source.version(slice);
            case REQUEST_FIELD -> source.requestField(part.name(), slice);
            case RESPONSE_FIELD -> source.responseField(part.name(), slice);
            case END -> end(source);
            case PATH, QUERY -> {
                source.target(slice);
                int question = slice.indexOf('?');
                if (part.atom() == Atom.PATH) {
                    slice.narrow(slice.from(), question < 0 ? slice.to() : question);
                } else {
                    slice.narrow(question < 0 ? slice.to() : question + 1, slice.to());
                }
            }
            default -> throw new IllegalStateException("not a value: " + part.atom());
        }
    }

    private void end(AccessSource source) {
        String end = source.end();
        if (end != null) {
            slice.set(end);
        }
    }

    private void value(LineBuffer out, Part part) {
        // An empty field would shift those after it, but for the query, which stands next to a question mark.
        boolean shifts = slice.isEmpty() && !part.quoted() && part.atom() != Atom.QUERY;
        if (!slice.present() || shifts) {
            out.put('-');
        } else {
            out.escaped(slice, part.quoted());
        }
    }

    private void requestLine(LineBuffer out, Part part, AccessSource source) {
        source.method(slice);
        boolean readable = slice.present();
        if (readable) {
            out.escaped(slice, part.quoted()).put(' ');
            slice.clear();
        }
        source.target(slice);
        value(out, part);
        if (readable) {
            slice.clear();
            source.version(slice);
            out.put(' ');
            value(out, part);
        }
    }

    private void json(LineBuffer out, AccessSource source) {
        out.put(TIME);
        stamp.iso(out, source.endMillis());
        slice.clear();
        source.client(slice);
        member(out, CLIENT);
        source.user(slice);
        member(out, USER);
        source.method(slice);
        member(out, METHOD);
        source.target(slice);
        member(out, TARGET);
        source.version(slice);
        member(out, PROTOCOL);
        number(out, STATUS, source.status());
        number(out, BYTES, source.bodyBytes());
        number(out, DURATION, source.durationNanos() / 1_000);
        source.requestField("referer", slice);
        member(out, REFERER);
        source.requestField("user-agent", slice);
        member(out, AGENT);
        out.put(identity);
        end(source);
        member(out, END);
        out.put('}');
    }

    private void member(LineBuffer out, byte[] key) {
        out.put(key);
        if (slice.present()) {
            out.json(slice);
        } else {
            out.put(NULL);
        }
        slice.clear();
    }

    private static void number(LineBuffer out, byte[] key, long number) {
        out.put(key);
        if (number < 0) {
            out.put(NULL);
        } else {
            out.put(number);
        }
    }
}
