package io.jcorn.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jcorn.wire.Message.BootFailed.Cause;
import io.jcorn.wire.Message.Gate;
import io.jcorn.wire.MessageCodec.Decoder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCodecTest {

    static List<Message> messages() {
        return List.of(
                new Message.Ready("io.jcorn.examples.hello.Hello"),
                new Message.Ready(""),
                new Message.BootFailed(
                        Cause.BOOT, "java.lang.IllegalStateException: no database\n\tat a.B.c(B.java:1)"),
                new Message.BootFailed(Cause.LOAD, "no such class: Grüße.日本.\uD83E\uDD84"),
                new Message.Leaving("signal TERM"),
                new Message.GateClosed(0),
                new Message.GateClosed(65_536),
                new Message.Drained(0),
                new Message.Drained(Integer.MAX_VALUE),
                new Message.Dump("\"main\" #1\0\r\n"),
                new Message.Activate(),
                new Message.Drain(0, Gate.CLOSE),
                new Message.Drain(Long.MAX_VALUE, Gate.KEEP_OPEN),
                new Message.CloseGate(),
                new Message.Quit(),
                new Message.ReopenLogs(),
                new Message.DumpRequest());
    }

    @Test
    void everyKindOfMessageIsAmongTheExamples() {
        Set<Class<?>> kinds = new HashSet<>();
        for (Class<?> direction : Message.class.getPermittedSubclasses()) {
            kinds.addAll(List.of(direction.getPermittedSubclasses()));
        }
        assertThat(messages().stream().map(Object::getClass)).containsAll(kinds);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void aMessageComesBackThroughAStream(Message message) throws IOException {
        ByteArrayInputStream in = new ByteArrayInputStream(MessageCodec.encode(message));

        assertThat(MessageCodec.read(in)).isEqualTo(message);
        assertThat(MessageCodec.read(in)).isNull();
    }

    @Test
    void messagesComeBackFromBytesHoweverTheyAreCut() throws IOException {
        byte[] stream = stream(messages());
        for (int piece : new int[] {1, 2, 3, 5, 7, 64, stream.length}) {
            Decoder decoder = new Decoder();
            List<Message> decoded = new ArrayList<>();
            for (int at = 0; at < stream.length; at += piece) {
                decoded.addAll(decoder.feed(stream, at, Math.min(piece, stream.length - at)));
            }
            assertThat(decoded).as("pieces of %d bytes", piece).isEqualTo(messages());
        }
    }

    @Test
    void aMessageIsHandedOutWithItsLastByteAndNotBefore() throws IOException {
        byte[] frame = MessageCodec.encode(new Message.Leaving("signal TERM"));
        Decoder decoder = new Decoder();

        assertThat(decoder.feed(frame, 0, frame.length - 1)).isEmpty();
        assertThat(decoder.feed(frame, frame.length - 1, 1)).containsExactly(new Message.Leaving("signal TERM"));
        assertThat(decoder.feed(frame, 0, 0)).isEmpty();
    }

    @Test
    void aLongMessageComesThroughInPieces() throws IOException {
        Message dump = new Message.Dump("x".repeat(MessageCodec.MAX_FRAME / 2));
        byte[] stream = stream(List.of(new Message.Drained(1), dump, new Message.Drained(2)));
        Decoder decoder = new Decoder();
        List<Message> decoded = new ArrayList<>();
        for (int at = 0; at < stream.length; at += 64 << 10) {
            decoded.addAll(decoder.feed(stream, at, Math.min(64 << 10, stream.length - at)));
        }
        assertThat(decoded).containsExactly(new Message.Drained(1), dump, new Message.Drained(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "ü", "日", "\uD83E\uDD84"})
    void aTextThatIsTooLongIsCutBetweenCharacters(String character) throws IOException {
        // Every alignment of the cut within the character.
        for (String shift : List.of("", "1", "12", "123")) {
            String text = shift + character.repeat(MessageCodec.MAX_FRAME);
            byte[] frame = MessageCodec.encode(new Message.Dump(text));
            assertThat(frame.length).isLessThanOrEqualTo(Integer.BYTES + MessageCodec.MAX_FRAME);

            Message.Dump decoded =
                    (Message.Dump) new Decoder().feed(frame, 0, frame.length).get(0);

            assertThat(text.startsWith(decoded.text())).isTrue();
            assertThat(decoded.text().getBytes(UTF_8).length).isGreaterThan(MessageCodec.MAX_FRAME - 80);
        }
    }

    @Test
    void aPeerThatBreaksOffInsideAFrameIsNoEndOfFile() {
        byte[] frame = MessageCodec.encode(new Message.Ready("app"));
        for (int length = 1; length < frame.length; length++) {
            ByteArrayInputStream in = new ByteArrayInputStream(frame, 0, length);
            assertThatThrownBy(() -> MessageCodec.read(in))
                    .as("%d bytes", length)
                    .isInstanceOf(EOFException.class)
                    .hasMessage("the peer broke off inside a frame");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, MessageCodec.MAX_FRAME + 1, 0x47455420})
    void aLengthThatNoFrameHasIsRefused(int length) {
        byte[] head = ByteBuffer.allocate(8).putInt(length).array();

        assertThatThrownBy(() -> new Decoder().feed(head, 0, head.length))
                .isInstanceOf(IOException.class)
                .hasMessage("not a frame of the control channel: length " + length);
        assertThatThrownBy(() -> MessageCodec.read(new ByteArrayInputStream(head)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("length " + length);
    }

    @ParameterizedTest
    @ValueSource(ints = {12, 127, 128, 255})
    void aTypeThatNoMessageHasIsRefused(int type) {
        assertRefused(frame(type), "constant " + (byte) type);
    }

    @Test
    void constantsThatDoNotExistAreRefused() {
        assertRefused(frame(1, 2, 0, 0, 0, 0), "constant 2");
        assertRefused(frame(6, 0, 0, 0, 0, 0, 0, 0, 9, 7), "constant 7");
    }

    @Test
    void aTextLongerThanItsFrameIsRefused() {
        assertRefused(frame(0, 0, 0, 0, 9, 'a', 'b'), "READY of only 7 bytes");
        assertRefused(frame(0, 0xff, 0xff, 0xff, 0xff), "text of -1 bytes");
        assertRefused(frame(0, 0x7f, 0xff, 0xff, 0xff), "text of 2147483647 bytes");
    }

    @Test
    void aFrameThatIsTooShortOrTooLongForItsMessageIsRefused() {
        assertRefused(frame(3, 0, 0), "DRAINED of only 3 bytes");
        assertRefused(frame(8, 1), "QUIT with 1 bytes too many");
    }

    @Test
    void noBytesMakeTheDecoderFailOtherwise() {
        SplittableRandom random = new SplittableRandom(42);
        for (int run = 0; run < 20_000; run++) {
            byte[] payload = new byte[1 + random.nextInt(24)];
            random.nextBytes(payload);
            payload[0] = (byte) random.nextInt(11);
            int[] bytes = new int[payload.length];
            Arrays.setAll(bytes, i -> payload[i]);
            byte[] frame = frame(bytes);
            try {
                assertThat(new Decoder().feed(frame, 0, frame.length)).hasSize(1);
            } catch (IOException e) {
                assertThat(e).hasMessageStartingWith("not a frame of the control channel: ");
            }
        }
    }

    private static void assertRefused(byte[] frame, String why) {
        assertThatThrownBy(() -> new Decoder().feed(frame, 0, frame.length))
                .isInstanceOf(IOException.class)
                .hasMessage("not a frame of the control channel: " + why);
        assertThatThrownBy(() -> MessageCodec.read(new ByteArrayInputStream(frame)))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith(why);
    }

    private static byte[] frame(int... body) {
        ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + body.length).putInt(body.length);
        for (int each : body) {
            frame.put((byte) each);
        }
        return frame.array();
    }

    private static byte[] stream(List<Message> messages) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        messages.forEach(message -> bytes.writeBytes(MessageCodec.encode(message)));
        return bytes.toByteArray();
    }
}
