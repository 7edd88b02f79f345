package io.jcorn.servlet.http;

import java.util.Locale;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/** What Jetty takes in the fields that frame and route a message, and others understand differently. */
final class FieldChecks {

    private FieldChecks() {}

    /** Transfer-Encoding: chunked, and nothing else; another coding before it is not understood (RFC 9112, section 6.1). */
    static void codings(@Nullable String value) {
        String text = value == null ? "" : value.strip();
        String[] codings = text.split(",", -1);
        for (int i = 0; i < codings.length; i++) {
            String coding = codings[i].strip();
            boolean chunked = coding.toLowerCase(Locale.ROOT).equals("chunked");
            if (!token(coding) || chunked != (i == codings.length - 1)) {
                throw BadRequest.because("Transfer-Encoding does not end in chunked");
            }
        }
        if (codings.length > 1) {
            throw new HttpException.RuntimeException(
                    HttpStatus.NOT_IMPLEMENTED_501, "No transfer coding but chunked is understood");
        }
    }

    /** Connection is a list of tokens: in anything else one reader finds {@code close} and another does not. */
    static void connection(@Nullable String value) {
        for (String option : value == null ? new String[0] : value.split(",")) {
            String word = option.strip();
            if (!word.isEmpty() && !token(word)) {
                throw BadRequest.because("A connection option is no token");
            }
        }
    }

    /** An IPv6 address without brackets could be one with a port. */
    static void host(@Nullable String value) {
        if (value != null && !value.startsWith("[") && value.indexOf(':') != value.lastIndexOf(':')) {
            throw BadRequest.because("Host is neither a name nor an address, perhaps with a port");
        }
    }

    private static boolean token(String text) {
        return !text.isEmpty() && text.chars().allMatch(RequestLineCheck::token);
    }
}
