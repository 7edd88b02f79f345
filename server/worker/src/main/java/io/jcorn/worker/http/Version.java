package io.jcorn.worker.http;

/** The protocols that requests come in. */
public enum Version {
    HTTP_1_0("HTTP/1.0"),
    HTTP_1_1("HTTP/1.1"),
    HTTP_2("HTTP/2.0");

    private final String text;

    Version(String text) {
        this.text = text;
    }

    /** Returns its name as applications know it: with a minor version, which HTTP/2 does not have any more. */
    public String text() {
        return text;
    }
}
