package io.jcorn.worker.websocket;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One extension that a client offers in {@code Sec-WebSocket-Extensions} (RFC 6455 §9.1).
 *
 * @param name the extension-token
 * @param parameters in the order in which they came; a name may be there twice
 */
record ExtensionOffer(String name, List<Parameter> parameters) {

    /**
     * A parameter of an extension.
     *
     * @param value without its quotes; null: there is none
     */
    record Parameter(String name, @Nullable String value) {}

    /**
     * Parses the values of all header lines together.
     *
     * @throws OpeningFailure with 400 if they do not conform to the grammar
     */
    static List<ExtensionOffer> parse(List<String> values) throws OpeningFailure {
        return new Parser(String.join(",", values)).list();
    }

    /**
     * <pre>
     *   extension-list  = 1#extension
     *   extension       = extension-token *( ";" extension-param )
     *   extension-param = token [ "=" (token | quoted-string) ]
     * </pre>
     *
     * A quoted value must be a token once its quotes are gone. Empty elements of the list are skipped (RFC 9110 §5.6.1.2), and
     * so is a list of nothing else, which asks for nothing.
     */
    private static final class Parser {

        private static final int END = -1;

        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        List<ExtensionOffer> list() throws OpeningFailure {
            List<ExtensionOffer> offers = new ArrayList<>();
            for (skipBlanks(); peek() != END; skipBlanks()) {
                if (peek() != ',') {
                    offers.add(extension());
                    if (peek() == END) {
                        break;
                    }
                }
                expect(',');
            }
            return offers;
        }

        private ExtensionOffer extension() throws OpeningFailure {
            String name = token();
            List<Parameter> parameters = new ArrayList<>(4);
            for (skipBlanks(); peek() == ';'; skipBlanks()) {
                at++;
                skipBlanks();
                parameters.add(parameter());
            }
            return new ExtensionOffer(name, parameters);
        }

        private Parameter parameter() throws OpeningFailure {
            String name = token();
            skipBlanks();
            if (peek() != '=') {
                return new Parameter(name, null);
            }
            at++;
            skipBlanks();
            return new Parameter(name, peek() == '"' ? quoted() : token());
        }

        private String token() throws OpeningFailure {
            int start = at;
            while (isTokenCharacter(peek())) {
                at++;
            }
            if (at == start) {
                throw malformed();
            }
            return text.substring(start, at);
        }

        private String quoted() throws OpeningFailure {
            StringBuilder value = new StringBuilder();
            for (at++; peek() != '"'; at++) {
                if (peek() == '\\') {
                    at++;
                }
                if (!isTokenCharacter(peek())) {
                    throw malformed();
                }
                value.append((char) peek());
            }
            at++;
            if (value.isEmpty()) {
                throw malformed();
            }
            return value.toString();
        }

        private void expect(char character) throws OpeningFailure {
            if (peek() != character) {
                throw malformed();
            }
            at++;
        }

        private void skipBlanks() {
            while (peek() == ' ' || peek() == '\t') {
                at++;
            }
        }

        private int peek() {
            return at < text.length() ? text.charAt(at) : END;
        }

        private static boolean isTokenCharacter(int c) {
            return (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || (c > ' ' && "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
        }

        private static OpeningFailure malformed() {
            return new OpeningFailure(400, "Sec-WebSocket-Extensions does not conform to its grammar");
        }
    }
}
