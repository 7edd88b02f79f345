package io.jcorn.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.worker.http.Corpus.Case;
import io.jcorn.worker.http.Reading.Outcome;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Our parsers beside Netty's {@code HttpRequestDecoder} with its default checks, over the corpus and what becomes of it when bytes are
 * changed. Where both take a request, they must agree on where it ends and what is in it; what the codec takes and we refuse is why
 * the worker has parsers of its own. Each run prints the figures; with Netty 4.2.18, of the cases of the corpus that are refused by default the codec
 * takes {@value #CORPUS}.
 */
class NettyDifferenceTest {

    /** How many invalid cases of the corpus Netty's decoder takes; if a new release changes that, this is to be looked at. */
    static final int CORPUS = 126;

    private static final int MUTATIONS = 20;

    /** A request, as far as both readers can be compared. */
    private record Framed(String line, String body) {}

    private record Theirs(List<Framed> requests, boolean failed) {}

    /** What Netty understands, up to what it finds wrong. */
    private static Theirs netty(byte[] bytes) {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
        channel.writeInbound(Unpooled.wrappedBuffer(bytes.clone()));
        List<Framed> requests = new ArrayList<>();
        StringBuilder body = new StringBuilder();
        String line = "";
        boolean failed = false;
        for (HttpObject object = channel.readInbound(); object != null && !failed; object = channel.readInbound()) {
            failed = object.decoderResult().isFailure();
            if (object instanceof HttpRequest request) {
                line = request.method() + " " + request.uri() + " " + request.protocolVersion();
                body.setLength(0);
            }
            if (object instanceof HttpContent content) {
                body.append(content.content().toString(StandardCharsets.ISO_8859_1));
                content.release();
            }
            if (object instanceof LastHttpContent && !failed) {
                requests.add(new Framed(line, body.toString()));
            }
        }
        channel.finishAndReleaseAll();
        return new Theirs(requests, failed);
    }

    private static Framed framed(Message message) {
        return new Framed(
                message.method() + " " + message.target() + (message.http11() ? " HTTP/1.1" : " HTTP/1.0"),
                message.body().toString());
    }

    /** Compares and returns whether Netty takes more than we do. */
    private static boolean takesMore(byte[] bytes, Limits limits) {
        Reading ours = Reading.of(List.of(bytes.clone()), limits, RequestRules.STRICT, false);
        Theirs theirs = netty(bytes);
        List<Framed> own =
                ours.messages().stream().map(NettyDifferenceTest::framed).toList();
        int both = Math.min(own.size(), theirs.requests().size());
        assertThat(theirs.requests().subList(0, both))
                .as(new String(bytes, StandardCharsets.ISO_8859_1))
                .isEqualTo(own.subList(0, both));
        return ours.outcome() == Outcome.REFUSED
                && !ours.oversize()
                && !theirs.failed()
                && theirs.requests().size() > own.size();
    }

    @Test
    void whereBothTakeARequestTheyAgree() {
        Map<String, Integer> taken = new TreeMap<>();
        Random random = new Random(9112);
        int corpus = 0;
        int mutated = 0;
        int mutants = 0;
        for (Case request : Corpus.cases()
                .filter(c -> c.rules().equals(RequestRules.STRICT))
                .toList()) {
            byte[] bytes = request.copy();
            if (takesMore(bytes, request.limits())) {
                corpus++;
                taken.merge(request.reason(), 1, Integer::sum);
            }
            for (int i = 0; i < (bytes.length < 2000 ? MUTATIONS : 0); i++) {
                mutants++;
                mutated += takesMore(mutate(bytes, random), request.limits()) ? 1 : 0;
            }
        }
        System.out.println(
                "Netty's HttpRequestDecoder takes " + corpus + " requests of the corpus that are refused here, and "
                        + mutated + " of " + mutants + " mutations; the corpus by the reason of ours:");
        taken.forEach((reason, count) -> System.out.println("  " + count + "  " + reason));
        assertThat(corpus).isEqualTo(CORPUS);
        assertThat(mutated).isPositive();
    }

    private static byte[] mutate(byte[] bytes, Random random) {
        byte[] interesting = "\r\n \t:;,=\"\\0 5afx_-\0\u000b\u00ff".getBytes(StandardCharsets.ISO_8859_1);
        int at = random.nextInt(bytes.length);
        byte octet = interesting[random.nextInt(interesting.length)];
        return switch (random.nextInt(4)) {
            case 0 -> splice(bytes, at, at + 1, new byte[] {octet});
            case 1 -> splice(bytes, at, at, new byte[] {octet});
            case 2 -> splice(bytes, at, at + 1, new byte[0]);
            default -> splice(bytes, at, at, java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 12)));
        };
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] middle) {
        byte[] out = new byte[bytes.length - (to - from) + middle.length];
        System.arraycopy(bytes, 0, out, 0, from);
        System.arraycopy(middle, 0, out, from, middle.length);
        System.arraycopy(bytes, to, out, from + middle.length, bytes.length - to);
        return out;
    }
}
