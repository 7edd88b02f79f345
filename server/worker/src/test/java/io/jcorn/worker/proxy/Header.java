package io.jcorn.worker.proxy;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Makes PROXY headers of version 2, right and wrong ones. */
public final class Header {

    private static final byte[] SIGNATURE = "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.ISO_8859_1);

    private final ByteArrayOutputStream rest = new ByteArrayOutputStream();
    private int command = 0x21;
    private int family;
    private int length = -1;

    /** A header for a client and his destination. */
    public static Header of(String client, int clientPort, String destination, int destinationPort) {
        try {
            byte[] from = InetAddress.getByName(client).getAddress();
            byte[] to = InetAddress.getByName(destination).getAddress();
            Header header = new Header();
            header.family = from.length == 4 ? 0x11 : 0x21;
            return header.bytes(from)
                    .bytes(to)
                    .bytes((byte) (clientPort >> 8), (byte) clientPort)
                    .bytes((byte) (destinationPort >> 8), (byte) destinationPort);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A header of a command and a family, without addresses. */
    public static Header of(int command, int family) {
        Header header = new Header();
        header.command = command;
        header.family = family;
        return header;
    }

    public Header bytes(byte... bytes) {
        rest.writeBytes(bytes);
        return this;
    }

    public Header family(int family) {
        this.family = family;
        return this;
    }

    /** Claims another length than the true one. */
    public Header length(int length) {
        this.length = length;
        return this;
    }

    public Header vector(int type, byte... value) {
        return bytes((byte) type, (byte) (value.length >> 8), (byte) value.length)
                .bytes(value);
    }

    /** Adds a checksum of all that is there and of itself, spoiled by a mask. */
    public Header checksum(int mask) {
        int at = 16 + rest.size() + 3;
        vector(3, new byte[4]);
        byte[] whole = build();
        CRC32C sum = new CRC32C();
        sum.update(whole);
        byte[] value =
                ByteBuffer.allocate(4).putInt((int) sum.getValue() ^ mask).array();
        byte[] spoiled = rest.toByteArray();
        System.arraycopy(value, 0, spoiled, at - 16, 4);
        rest.reset();
        rest.writeBytes(spoiled);
        return this;
    }

    public byte[] build() {
        int claimed = length < 0 ? rest.size() : length;
        return ByteBuffer.allocate(16 + rest.size())
                .put(SIGNATURE)
                .put((byte) command)
                .put((byte) family)
                .putShort((short) claimed)
                .put(rest.toByteArray())
                .array();
    }
}
