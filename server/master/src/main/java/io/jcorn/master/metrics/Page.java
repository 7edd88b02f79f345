package io.jcorn.master.metrics;

import java.nio.charset.StandardCharsets;

/**
 * One answer.
 *
 * @param status of HTTP
 * @param type the media type
 * @param body complete
 */
record Page(int status, String type, String body) {

    /** The Prometheus text format, see https://prometheus.io/docs/instrumenting/exposition_formats/. */
    static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    /** One sentence for people and for probes that show it. */
    static Page text(int status, String sentence) {
        return new Page(status, "text/plain; charset=utf-8", sentence + "\n");
    }

    static Page prometheus(String text) {
        return new Page(200, PROMETHEUS, text);
    }

    static Page json(String text) {
        return new Page(200, "application/json", text);
    }

    byte[] bytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
