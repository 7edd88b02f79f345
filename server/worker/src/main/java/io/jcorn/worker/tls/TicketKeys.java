package io.jcorn.worker.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of session tickets (RFC 5077 §5.5). Every worker of a master makes the same ones: of the secret that the master
 * made at its start, and of the time, by which they change. So a client that comes back is recognised by any worker, before
 * and after a reload, and nothing has to be told from process to process.
 *
 * <p>They also depend on the authorities of client certificates: who got a ticket by a certificate that is no longer
 * accepted has to show a new one.
 */
final class TicketKeys {

    /** How long a ticket is good for, and how long a key makes new ones. */
    static final Duration PERIOD = Duration.ofHours(4);

    /** OpenSSL's layout: a name of 16 bytes, 16 for the HMAC and 16 for AES. */
    static final int BYTES = 48;

    private static final int SECRET_BYTES = 32;

    private final byte[] secret;
    private final byte[] audience;

    private TicketKeys(byte[] secret, byte[] audience) {
        this.secret = secret;
        this.audience = audience;
    }

    /**
     * Reads the secret.
     *
     * @param audience the authorities that clients' certificates come from
     * @throws IOException if the file cannot be read or is not the master's
     */
    static TicketKeys read(Path file, Collection<X509Certificate> audience) throws IOException {
        byte[] secret;
        try {
            secret = HexFormat.of().parseHex(Files.readString(file).strip());
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " does not hold the secret that the master writes", e);
        }
        if (secret.length < SECRET_BYTES) {
            throw new IOException(file + " is cut off: the secret has " + SECRET_BYTES + " bytes");
        }
        return of(secret, audience);
    }

    static TicketKeys of(byte[] secret, Collection<X509Certificate> audience) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (X509Certificate authority : audience) {
                digest.update(authority.getEncoded());
            }
            return new TicketKeys(secret.clone(), digest.digest());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256, and these certificates were read", e);
        }
    }

    /** Returns the number of the period that a time belongs to. */
    static long period(long epochMillis) {
        return Math.floorDiv(epochMillis, PERIOD.toMillis());
    }

    /**
     * Returns the keys of a period: its own, which new tickets are made with, the one before, and the next: the clocks of
     * two workers never strike together.
     */
    byte[][] around(long period) {
        return new byte[][] {key(period), key(period - 1), key(period + 1)};
    }

    /** The expansion of HKDF (RFC 5869 §2.3) with its 48 bytes of output. */
    private byte[] key(long period) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            byte[] info = ByteBuffer.allocate(64)
                    .put("jcorn ticket".getBytes(StandardCharsets.US_ASCII))
                    .put(audience)
                    .putLong(period)
                    .array();
            ByteBuffer key = ByteBuffer.allocate(2 * mac.getMacLength());
            byte[] block = new byte[0];
            for (byte counter = 1; key.hasRemaining(); counter++) {
                mac.update(block);
                mac.update(info);
                mac.update(counter);
                block = mac.doFinal();
                key.put(block);
            }
            byte[] result = new byte[BYTES];
            key.flip().get(result);
            return result;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
