package io.jcorn.wire;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames {@link Message}s for the control channel.
 *
 * <pre>
 *   frame := length:int32  type:int8  payload:byte[length - 1]        (big endian)
 *   text  := length:int32  utf8:byte[length]
 * </pre>
 *
 * <p>Both ends are always of the same build (a generation of workers is started by the master that reads them), so the
 * format carries no version.
 */
public final class MessageCodec {

    /**
     * The largest frame, in bytes. Longer texts (a dump of a thousand threads) are cut by the encoder: the master has a
     * heap of a few dozen MiB, and must survive the dumps of all its workers at once.
     */
    public static final int MAX_FRAME = 512 << 10;

    private static final int MAX_TEXT = MAX_FRAME - 64;

    private enum Type {
        READY,
        BOOT_FAILED,
        LEAVING,
        DRAINED,
        DUMP,
        ACTIVATE,
        DRAIN,
        CLOSE_GATE,
        QUIT,
        REOPEN_LOGS,
        DUMP_REQUEST,
        GATE_CLOSED
    }

    private static final Type[] TYPES = Type.values();

    private MessageCodec() {}

    /** Returns the complete frame of a message. */
    public static byte[] encode(Message message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        try {
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(0);
            writeBody(message, out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        byte[] frame = bytes.toByteArray();
        ByteBuffer.wrap(frame).putInt(frame.length - Integer.BYTES);
        return frame;
    }

    /**
     * Blocks until a whole frame has arrived.
     *
     * @return the message, or null at the end of file
     * @throws IOException if reading fails, the peer broke off inside a frame, or the frame is not one of ours
     */
    public static @Nullable Message read(InputStream in) throws IOException {
        byte[] head = in.readNBytes(Integer.BYTES);
        if (head.length == 0) {
            return null;
        }
        if (head.length < Integer.BYTES) {
            throw new EOFException("the peer broke off inside a frame");
        }
        int length = checkedLength(ByteBuffer.wrap(head).getInt());
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the peer broke off inside a frame");
        }
        return decodeBody(body, 0, length);
    }

    /** Collects bytes as they arrive from a non-blocking descriptor and returns the messages that are complete. */
    public static final class Decoder {
        private byte[] pending = new byte[256];
        private int size;

        /**
         * Takes the next bytes of the stream.
         *
         * @return the messages that these bytes completed, in order
         * @throws IOException if the bytes are not frames of ours; the stream is then useless
         */
        public List<Message> feed(byte[] bytes, int offset, int length) throws IOException {
            makeRoom(size + length);
            System.arraycopy(bytes, offset, pending, size, length);
            size += length;
            List<Message> complete = new ArrayList<>(2);
            int at = 0;
            while (size - at >= Integer.BYTES) {
                int frame = checkedLength(
                        ByteBuffer.wrap(pending, at, Integer.BYTES).getInt());
                if (size - at - Integer.BYTES < frame) {
                    makeRoom(Integer.BYTES + frame);
                    break;
                }
                complete.add(decodeBody(pending, at + Integer.BYTES, frame));
                at += Integer.BYTES + frame;
            }
            if (at > 0) {
                System.arraycopy(pending, at, pending, 0, size - at);
                size -= at;
            }
            return complete;
        }

        private void makeRoom(int bytes) {
            if (bytes > pending.length) {
                pending = Arrays.copyOf(pending, bytes);
            }
        }
    }

    private static int checkedLength(int length) throws IOException {
        if (length < 1 || length > MAX_FRAME) {
            throw new IOException("not a frame of the control channel: length " + length);
        }
        return length;
    }

    private static void writeBody(Message message, DataOutputStream out) throws IOException {
        // An if-chain rather than a pattern switch: the language level is 17.
        if (message instanceof Message.Ready m) {
            out.writeByte(Type.READY.ordinal());
            writeText(out, m.application());
        } else if (message instanceof Message.BootFailed m) {
            out.writeByte(Type.BOOT_FAILED.ordinal());
            out.writeByte(m.cause().ordinal());
            writeText(out, m.reason());
        } else if (message instanceof Message.Leaving m) {
            out.writeByte(Type.LEAVING.ordinal());
            writeText(out, m.reason());
        } else if (message instanceof Message.GateClosed m) {
            out.writeByte(Type.GATE_CLOSED.ordinal());
            out.writeInt(m.connections());
        } else if (message instanceof Message.Drained m) {
            out.writeByte(Type.DRAINED.ordinal());
            out.writeInt(m.unfinished());
        } else if (message instanceof Message.Dump m) {
            out.writeByte(Type.DUMP.ordinal());
            writeText(out, m.text());
        } else if (message instanceof Message.Activate) {
            out.writeByte(Type.ACTIVATE.ordinal());
        } else if (message instanceof Message.Drain m) {
            out.writeByte(Type.DRAIN.ordinal());
            out.writeLong(m.graceMillis());
            out.writeByte(m.gate().ordinal());
        } else if (message instanceof Message.CloseGate) {
            out.writeByte(Type.CLOSE_GATE.ordinal());
        } else if (message instanceof Message.Quit) {
            out.writeByte(Type.QUIT.ordinal());
        } else if (message instanceof Message.ReopenLogs) {
            out.writeByte(Type.REOPEN_LOGS.ordinal());
        } else if (message instanceof Message.DumpRequest) {
            out.writeByte(Type.DUMP_REQUEST.ordinal());
        } else {
            throw new IllegalArgumentException("no frame for " + message);
        }
    }

    private static Message decodeBody(byte[] bytes, int offset, int length) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, offset, length));
        Type type = constant(TYPES, in.readByte());
        Message message;
        try {
            message = decodePayload(type, in);
        } catch (EOFException e) {
            throw new IOException("not a frame of the control channel: " + type + " of only " + length + " bytes", e);
        }
        if (in.available() > 0) {
            throw new IOException(
                    "not a frame of the control channel: " + type + " with " + in.available() + " bytes too many");
        }
        return message;
    }

    private static Message decodePayload(Type type, DataInputStream in) throws IOException {
        return switch (type) {
            case READY -> new Message.Ready(readText(in));
            case BOOT_FAILED ->
                new Message.BootFailed(constant(Message.BootFailed.Cause.values(), in.readByte()), readText(in));
            case LEAVING -> new Message.Leaving(readText(in));
            case GATE_CLOSED -> new Message.GateClosed(in.readInt());
            case DRAINED -> new Message.Drained(in.readInt());
            case DUMP -> new Message.Dump(readText(in));
            case ACTIVATE -> new Message.Activate();
            case DRAIN -> new Message.Drain(in.readLong(), constant(Message.Gate.values(), in.readByte()));
            case CLOSE_GATE -> new Message.CloseGate();
            case QUIT -> new Message.Quit();
            case REOPEN_LOGS -> new Message.ReopenLogs();
            case DUMP_REQUEST -> new Message.DumpRequest();
        };
    }

    private static <E> E constant(E[] values, byte ordinal) throws IOException {
        if (ordinal < 0 || ordinal >= values.length) {
            throw new IOException("not a frame of the control channel: constant " + ordinal);
        }
        return values[ordinal];
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int length = utf8.length;
        if (length > MAX_TEXT) {
            length = MAX_TEXT;
            // Not inside a character: a byte 10xxxxxx continues one.
            while ((utf8[length] & 0xc0) == 0x80) {
                length--;
            }
        }
        out.writeInt(length);
        out.write(utf8, 0, length);
    }

    private static String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_TEXT) {
            throw new IOException("not a frame of the control channel: text of " + length + " bytes");
        }
        byte[] utf8 = new byte[length];
        in.readFully(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
