package io.jcorn.worker.http;

import io.jcorn.worker.http.Reading.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What holds for the reading of any bytes at all. */
public final class Invariants {

    private Invariants() {}

    /** Checks them and returns the reading. */
    public static Reading check(byte[] bytes, Limits limits, RequestRules rules, boolean peerTrusted) {
        Reading whole = Reading.of(List.of(bytes.clone()), limits, rules, peerTrusted);
        Reading single = Reading.of(Corpus.single(bytes), limits, rules, peerTrusted);
        require(whole.equals(single), "how the bytes are cut matters", whole, single);
        int cut = bytes.length == 0 ? 0 : Math.floorMod(Arrays.hashCode(bytes), bytes.length);
        Reading two = Reading.of(
                List.of(Arrays.copyOfRange(bytes, 0, cut), Arrays.copyOfRange(bytes, cut, bytes.length)),
                limits,
                rules,
                peerTrusted);
        require(whole.equals(two), "where the bytes are cut matters: " + cut, whole, two);
        for (int i = 0; i < whole.messages().size(); i++) {
            endsWhereItEnds(bytes, whole, i, limits, rules, peerTrusted);
            meansTheSameAgain(whole.messages().get(i), limits, rules, peerTrusted);
        }
        return whole;
    }

    /** A message is complete with its last byte, not before, and needs none after. */
    private static void endsWhereItEnds(
            byte[] bytes, Reading whole, int i, Limits limits, RequestRules rules, boolean peerTrusted) {
        int end = whole.ends().get(i);
        Reading exact = Reading.of(List.of(Arrays.copyOf(bytes, end)), limits, rules, peerTrusted);
        require(
                exact.messages().equals(whole.messages().subList(0, i + 1)) && exact.outcome() != Outcome.INCOMPLETE,
                "a message takes bytes that are not its own",
                whole,
                exact);
        Reading shorter = Reading.of(List.of(Arrays.copyOf(bytes, end - 1)), limits, rules, peerTrusted);
        require(
                shorter.messages().size() == i && shorter.outcome() == Outcome.INCOMPLETE,
                "a message is complete without its last byte",
                whole,
                shorter);
    }

    private static void meansTheSameAgain(Message message, Limits limits, RequestRules rules, boolean peerTrusted) {
        byte[] again = message.serialised().getBytes(StandardCharsets.ISO_8859_1);
        Reading reading = Reading.of(List.of(again), limits, rules, peerTrusted);
        boolean same =
                reading.messages().equals(List.of(message)) && reading.ends().equals(List.of(again.length));
        require(same || reading.oversize(), "what is written again is another message", message, reading);
    }

    static void require(boolean right, String otherwise, Object expected, Object actual) {
        if (!right) {
            throw new AssertionError(otherwise + "\n  " + expected + "\n  " + actual);
        }
    }
}
