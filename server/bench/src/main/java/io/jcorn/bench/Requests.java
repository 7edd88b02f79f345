package io.jcorn.bench;

import java.nio.charset.StandardCharsets;

/** Requests as clients send them. */
public enum Requests {
    /** What a load generator sends: one header field. */
    ONE_FIELD("""
            GET /plaintext HTTP/1.1
            Host: localhost:8080

            """),

    /** What a browser sends: nine header fields. */
    NINE_FIELDS("""
            GET /shop/items?page=2&sort=price HTTP/1.1
            Host: www.example.com
            User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
            Accept-Language: en-GB,en;q=0.7,de;q=0.3
            Accept-Encoding: gzip, deflate, br, zstd
            Referer: https://www.example.com/shop/items?page=1&sort=price
            Connection: keep-alive
            Cookie: session=5f0c2b7e9a4d41d3b8a1c6f2e0d97b64; theme=dark
            Upgrade-Insecure-Requests: 1

            """);

    private final String text;

    Requests(String text) {
        this.text = text;
    }

    /** Returns its bytes, in a new array. */
    public byte[] bytes() {
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }
}
