package io.jcorn.wire.access;

import org.jspecify.annotations.Nullable;

/**
 * A request whose line is being written. Values go into a slice that is clear before, and stay there as long as the line
 * takes. What is not known is left out, and shows as {@code -}.
 */
public interface AccessSource {

    /** The client's address without a port; none for a Unix socket. */
    void client(Slice into);

    /** The method; none if the request line could not be read. */
    void method(Slice into);

    /** The request target as it was sent; what there is of the request line if that could not be read. */
    void target(Slice into);

    /** The version as in {@code HTTP/1.1}. */
    void version(Slice into);

    /** The user name that the client claimed with Basic authentication (RFC 7617); nobody has checked it. */
    void user(Slice into);

    /** The first value of a header field of the request, by its name in lower case. */
    void requestField(String lowerCaseName, Slice into);

    /** The first value of a header field that the application set, by its name in lower case. */
    void responseField(String lowerCaseName, Slice into);

    /** Returns the status that was sent, or one that stands for what happened instead; 0 if there is none. */
    int status();

    /** Returns how many bytes of the response's body were sent, without framing; -1 if nobody knows. */
    long bodyBytes();

    /** Returns how long it took from the complete head to the end of the response, in nanoseconds, at least 0. */
    long durationNanos();

    /** Returns when it ended, in milliseconds since 1970. */
    long endMillis();

    /** Returns why the response is not complete; null if it is. */
    @Nullable
    String end();
}
