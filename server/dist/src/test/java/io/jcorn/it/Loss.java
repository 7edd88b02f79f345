package io.jcorn.it;

/** The ways in which a request can fail, told apart as far as a client can tell. */
public enum Loss {
    /** Nobody listens: the connection was refused. The only one that is fine after a listener was closed. */
    REFUSED,
    /** The connection was reset before the answer was complete. */
    RESET,
    /** A connection that carried no request before ended without a byte of an answer. */
    EMPTY,
    /**
     * A connection that had carried requests before ended without a byte of the next answer: the server closed it while it was
     * idle, and the request crossed that on its way (RFC 9112 section 9.3.1). Clients send such a request again.
     */
    CLOSED_IDLE,
    /** The answer began and did not end. */
    TRUNCATED,
    /** No connection or no complete answer in time. */
    TIMED_OUT,
    /** What came is no HTTP. */
    GARBLED,
    /** Another status than 200. */
    BAD_STATUS,
    /** Another body than that of the resource. */
    WRONG_BODY
}
