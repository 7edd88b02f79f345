package io.jcorn.worker.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which offers are accepted (RFC 7692 §7.1), and which are none (RFC 6455 §9.1). */
class PerMessageDeflateTest {

    private static final String PLAIN = "permessage-deflate; client_no_context_takeover";
    private static final String FORGETFUL = PLAIN + "; server_no_context_takeover";
    private static final String WINDOW = PLAIN + "; server_max_window_bits=15";

    private static String answer(String... values) throws OpeningFailure {
        PerMessageDeflate agreed = PerMessageDeflate.of(ExtensionOffer.parse(List.of(values)));
        return agreed == null ? "none" : agreed.response();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "permessage-deflate|" + PLAIN,
                "permessage-deflate; client_max_window_bits|" + PLAIN,
                "permessage-deflate; client_max_window_bits=8|" + PLAIN,
                "permessage-deflate;client_max_window_bits=\"15\"|" + PLAIN,
                "permessage-deflate ; client_max_window_bits = \"1\\5\"|" + PLAIN,
                "permessage-deflate; client_no_context_takeover|" + PLAIN,
                "permessage-deflate; server_no_context_takeover|" + FORGETFUL,
                "permessage-deflate; server_max_window_bits=15|" + WINDOW,
                "permessage-deflate; server_max_window_bits=\"15\"|" + WINDOW,
                "x-unknown, permessage-deflate|" + PLAIN,
                "x-unknown; a=b; a=\"c\"; d, , permessage-deflate,|" + PLAIN,
                "permessage-deflate; server_max_window_bits=8|" + PLAIN + "; server_max_window_bits=8",
                "permessage-deflate; server_max_window_bits=10; client_max_window_bits=10|" + PLAIN
                        + "; server_max_window_bits=10",
                "permessage-deflate; server_max_window_bits=7, permessage-deflate|" + PLAIN,
                "permessage-deflate; unknown, permessage-deflate; server_no_context_takeover|" + FORGETFUL,
            })
    void whatCanBeMetIsAccepted(String offers, String answer) throws OpeningFailure {
        assertThat(answer(offers)).isEqualTo(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " , ,",
                "x-webkit-deflate-frame",
                "Permessage-Deflate",
                "permessage-deflate; server_max_window_bits=7",
                "permessage-deflate; server_max_window_bits=08",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; server_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; client_max_window_bits=16",
                "permessage-deflate; client_max_window_bits=08",
                "permessage-deflate; client_max_window_bits=99999999999999999999",
                "permessage-deflate; client_max_window_bits=x",
                "permessage-deflate; client_max_window_bits=-9",
                "permessage-deflate; client_no_context_takeover=true",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; client_max_window_bits; client_max_window_bits",
                "permessage-deflate; client_max_window_bits=10; client_max_window_bits=10",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                "permessage-deflate; unknown",
                "permessage-deflate; unknown=1",
            })
    void whatCannotBeMetIsDeclined(String offers) throws OpeningFailure {
        assertThat(answer(offers)).isEqualTo("none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ";",
                "=",
                "permessage-deflate;",
                "permessage-deflate; ;a",
                "permessage-deflate; =10",
                "permessage-deflate; client_max_window_bits=",
                "permessage-deflate; client_max_window_bits=\"\"",
                "permessage-deflate; client_max_window_bits=\"10",
                "permessage-deflate; client_max_window_bits=\"1 0\"",
                "permessage-deflate; client_max_window_bits=\"10\"0",
                "permessage-deflate; client_max_window_bits=10=10",
                "permessage-deflate client_max_window_bits",
                "permessage-deflate; \"client_max_window_bits\"",
                "perm\u00e9ssage",
                "permessage/deflate",
                "permessage-deflate; client_max_window_bits=\"\\",
            })
    void whatDoesNotConformToTheGrammarIsRefused(String offers) {
        assertThatThrownBy(() -> answer(offers))
                .isInstanceOfSatisfying(
                        OpeningFailure.class,
                        failure -> assertThat(failure.status()).isEqualTo(400));
    }

    @Test
    void linesAreOneList() throws OpeningFailure {
        assertThat(answer("permessage-deflate; server_max_window_bits=99", "x, permessage-deflate"))
                .isEqualTo(PLAIN);
    }
}
