package io.jcorn.wire.tls;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** The few words of DER (X.690) that it takes to put a key of an older form into the one that Java reads. */
final class Der {

    static final int INTEGER = 0x02;
    static final int OCTETS = 0x04;
    static final int OBJECT = 0x06;
    static final int SEQUENCE = 0x30;

    /** The context's own tag 0 with something in it. */
    static final int PARAMETERS = 0xA0;

    private static final byte[] ZERO = {INTEGER, 1, 0};

    /** SEQUENCE { OBJECT 1.2.840.113549.1.1.1, NULL }. */
    private static final byte[] RSA = {
        SEQUENCE, 13, OBJECT, 9, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 1, 1, 1, 5, 0
    };

    /** OBJECT 1.2.840.10045.2.1. */
    private static final byte[] EC = {OBJECT, 7, 0x2A, (byte) 0x86, 0x48, (byte) 0xCE, 0x3D, 2, 1};

    private final byte[] bytes;
    private int at;

    private Der(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Makes PKCS #8 (RFC 5208) of PKCS #1 (RFC 8017 A.1.2). */
    static byte[] pkcs8OfRsa(byte[] pkcs1) {
        return value(SEQUENCE, ZERO, RSA, value(OCTETS, pkcs1));
    }

    /**
     * Makes PKCS #8 of RFC 5915.
     *
     * @throws IllegalArgumentException if it names no curve
     */
    static byte[] pkcs8OfEc(byte[] sec1) {
        byte[] curve = curve(sec1);
        return value(SEQUENCE, ZERO, value(SEQUENCE, EC, curve), value(OCTETS, sec1));
    }

    private static byte[] curve(byte[] sec1) {
        try {
            Der key = new Der(new Der(sec1).content(SEQUENCE));
            key.content(INTEGER);
            key.content(OCTETS);
            return key.content(PARAMETERS);
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("it names no curve", e);
        }
    }

    /** Returns the content of the next value. */
    private byte[] content(int tag) {
        if ((bytes[at++] & 0xFF) != tag) {
            throw new IllegalArgumentException("it names no curve");
        }
        int length = bytes[at++] & 0xFF;
        if (length > 0x80) {
            int octets = length - 0x80;
            length = 0;
            for (int i = 0; i < octets; i++) {
                length = (length << 8) | (bytes[at++] & 0xFF);
            }
        }
        if (length < 0 || length > bytes.length - at) {
            throw new IndexOutOfBoundsException(length);
        }
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    private static byte[] value(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        int length = content.size();
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        value.write(tag);
        if (length < 0x80) {
            value.write(length);
        } else {
            int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
            value.write(0x80 | octets);
            for (int i = octets - 1; i >= 0; i--) {
                value.write(length >>> (8 * i));
            }
        }
        value.writeBytes(content.toByteArray());
        return value.toByteArray();
    }
}
