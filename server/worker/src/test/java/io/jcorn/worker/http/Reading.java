package io.jcorn.worker.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody has understood of the bytes of one connection.
 *
 * @param messages the requests
 * @param ends after how many bytes each of them ended
 * @param outcome what came after them
 * @param status of the refusal, or 0
 * @param reason of the refusal, or empty
 */
public record Reading(List<Message> messages, List<Integer> ends, Outcome outcome, int status, String reason) {

    /** What came after the last request. */
    public enum Outcome {
        /** Nothing. */
        IDLE,
        /** A part of another one. */
        INCOMPLETE,
        /** What is no request, or one that is not taken. */
        REFUSED,
        /** The last request said that it was the last: what follows is not looked at. */
        CLOSED
    }

    /** Whether the refusal is for size: a reader without limits does not know it. */
    boolean oversize() {
        return status == 413 || status == 414 || status == 431 || reason.contains("larger than what they extend");
    }

    /** What the worker's own parsers make of bytes that come in these pieces. */
    public static Reading of(List<byte[]> pieces, Limits limits, RequestRules rules, boolean peerTrusted) {
        return new Ours(limits, rules, peerTrusted).read(pieces);
    }

    /** The worker's parsers, put together as the engine does it. */
    private static final class Ours {
        private final Limits limits;
        private final RequestRules rules;
        private final HeadParser parser;
        private final Inbox in = new Inbox();
        private final List<Message> messages = new ArrayList<>();
        private final List<Integer> ends = new ArrayList<>();
        private @Nullable RequestHead head;
        private @Nullable BodyDecoder decoder;
        private ByteArrayOutputStream body = new ByteArrayOutputStream();
        private long fed;
        private boolean closed;

        Ours(Limits limits, RequestRules rules, boolean peerTrusted) {
            this.limits = limits;
            this.rules = rules;
            this.parser = new HeadParser(limits, rules);
            if (peerTrusted) {
                parser.trustPeer(true);
            }
        }

        Reading read(List<byte[]> pieces) {
            try {
                for (byte[] piece : pieces) {
                    in.add(piece);
                    fed += piece.length;
                    while (!closed && step()) {
                        // Goes as far as the bytes allow.
                    }
                }
            } catch (Refused e) {
                return new Reading(messages, ends, Outcome.REFUSED, e.status(), e.reason());
            }
            Outcome outcome = decoder != null || parser.midway() ? Outcome.INCOMPLETE : Outcome.IDLE;
            return new Reading(messages, ends, closed ? Outcome.CLOSED : outcome, 0, "");
        }

        private boolean step() throws Refused {
            RequestHead head = this.head;
            BodyDecoder decoder = this.decoder;
            if (head == null || decoder == null) {
                head = parser.parse(in);
                if (head == null) {
                    return false;
                }
                this.head = head;
                decoder = BodyDecoder.of(head, limits, rules);
                this.decoder = decoder;
                body = new ByteArrayOutputStream();
            }
            decoder.decode(in, (array, offset, length) -> {
                body.write(array, offset, length);
                return true;
            });
            if (!decoder.complete()) {
                return false;
            }
            end(head, decoder);
            return !in.isEmpty();
        }

        private void end(RequestHead head, BodyDecoder decoder) {
            Message message = Message.begin(
                    head.method() + " " + head.target() + " " + (head.version() == Version.HTTP_1_1 ? "1.1" : "1.0")
                            + (head.persistent() ? " keep" : " close") + (head.expectContinue() ? " continue" : ""));
            for (int i = 0; i < head.fieldCount(); i++) {
                message.headers().add(head.fieldName(i) + ": " + head.fieldValue(i));
            }
            head.uri();
            message.body().append(body.toString(StandardCharsets.ISO_8859_1));
            decoder.trailers().forEach((name, values) -> values.forEach(value -> message.trailer(name + ":" + value)));
            messages.add(message);
            ends.add((int) (fed - in.size()));
            closed = !head.persistent();
            this.head = null;
            this.decoder = null;
        }
    }
}
