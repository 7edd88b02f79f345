package io.jcorn.master.settings;

import java.nio.file.Path;

/** Whether HTTP/2 is spoken without TLS. */
public enum Http2Cleartext {
    /** HTTP/1 only. */
    OFF("off"),
    /** To a client that begins with the preface of HTTP/2: RFC 9113 §3.3. */
    PRIOR_KNOWLEDGE("prior-knowledge");

    private final String text;

    Http2Cleartext(String text) {
        this.text = text;
    }

    static ScalarType<Http2Cleartext> type() {
        return new ScalarType<>("HOW", "off or prior-knowledge") {
            @Override
            Http2Cleartext parse(String text, Path base) {
                String name = text.strip();
                for (Http2Cleartext how : values()) {
                    if (how.text.equals(name)) {
                        return how;
                    }
                }
                boolean upgrade = name.equals("upgrade") || name.equals("both");
                throw refuse(
                        text,
                        upgrade
                                ? "is gunicorn's for Upgrade: h2c, which RFC 9113 has removed and jcorn does not speak"
                                : "is not known");
            }

            @Override
            String write(Http2Cleartext value) {
                return value.text;
            }
        };
    }
}
