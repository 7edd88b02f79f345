package io.jcorn.wire.tls;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One block of a text in PEM form (RFC 7468), perhaps with the headers of its predecessor (RFC 1421 §4.6). */
final class Pem {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----[ \t]*\r?\n(.*?)-----END \\1-----", Pattern.DOTALL);

    private static final Pattern HEADERS = Pattern.compile("\\A(?:[A-Za-z-]+:[^\n]*\n|[ \t]+[^\n]*\n)+\r?\n");

    private final String type;
    private final boolean headed;
    private final byte[] content;

    private Pem(String type, boolean headed, byte[] content) {
        this.type = type;
        this.headed = headed;
        this.content = content;
    }

    /**
     * Finds all blocks of a text; what stands between them is for people.
     *
     * @throws IllegalArgumentException if a block is not Base64, or never ends
     */
    static List<Pem> blocks(String text) {
        List<Pem> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        int end = 0;
        while (matcher.find()) {
            blocks.add(block(matcher.group(1), matcher.group(2)));
            end = matcher.end();
        }
        if (text.indexOf("-----BEGIN ", end) >= 0) {
            throw new IllegalArgumentException("a block of it has no end: the file is cut off");
        }
        return blocks;
    }

    private static Pem block(String type, String body) {
        Matcher headers = HEADERS.matcher(body);
        boolean headed = headers.find();
        String base64 = headed ? body.substring(headers.end()) : body;
        try {
            return new Pem(type, headed, Base64.getDecoder().decode(base64.replaceAll("\\s", "")));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("a block of it (" + type + ") is damaged: it is not Base64", e);
        }
    }

    /** Returns what it says to be, as {@code CERTIFICATE}. */
    String type() {
        return type;
    }

    /** Whether it has headers: OpenSSL's old form of an encrypted key has. */
    boolean headed() {
        return headed;
    }

    byte[] content() {
        return content.clone();
    }

    boolean certificate() {
        return type.equals("CERTIFICATE") || type.equals("X509 CERTIFICATE");
    }

    boolean key() {
        return type.endsWith("PRIVATE KEY");
    }
}
