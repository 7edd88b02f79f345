package io.jcorn.wire.access;

/** What a line may say of a request. */
enum Atom {
    /** Text of the format itself, or a value that is the same in every line. */
    LITERAL,
    CLIENT,
    USER,
    TIME,
    REQUEST_LINE,
    METHOD,
    TARGET,
    PATH,
    QUERY,
    VERSION,
    STATUS,
    BODY_OR_DASH,
    BODY,
    SECONDS,
    MILLIS,
    MICROS,
    DECIMAL_SECONDS,
    REQUEST_FIELD,
    RESPONSE_FIELD,
    /** Why the response is not complete. */
    END
}
