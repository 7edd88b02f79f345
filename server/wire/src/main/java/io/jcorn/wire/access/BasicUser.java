package io.jcorn.wire.access;

import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The user name in a field {@code Authorization: Basic …} (RFC 7617 §2). It is what the client says, checked by nobody here. */
public final class BasicUser {

    private static final byte[] SCHEME = {'b', 'a', 's', 'i', 'c', ' '};

    private BasicUser() {}

    /** Replaces the value of the field by the name in it; by nothing if it holds none. */
    public static void decode(Slice value) {
        byte[] array = value.array();
        int from = value.from();
        boolean basic = value.to() - from > SCHEME.length;
        for (int i = 0; basic && i < SCHEME.length; i++) {
            basic = (array[from + i] | 0x20) == (SCHEME[i] | 0x20);
        }
        byte[] decoded = basic ? base64(Arrays.copyOfRange(array, from + SCHEME.length, value.to())) : null;
        value.clear();
        if (decoded != null) {
            value.set(decoded, 0, decoded.length);
            int colon = value.indexOf(':');
            value.narrow(0, colon < 0 ? decoded.length : colon);
        }
    }

    private static byte @Nullable [] base64(byte[] text) {
        int start = 0;
        while (start < text.length && text[start] == ' ') {
            start++;
        }
        try {
            return Base64.getDecoder().decode(Arrays.copyOfRange(text, start, text.length));
        } catch (IllegalArgumentException e) {
            // Whatever it is, it names no user.
            return null;
        }
    }
}
