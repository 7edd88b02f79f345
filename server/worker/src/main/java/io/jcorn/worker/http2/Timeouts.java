package io.jcorn.worker.http2;

/**
 * How long clients may take, in nanoseconds, and how slow they may be on average, in bytes per second.
 *
 * @param keepAlive how long a connection without requests stays open
 * @param firstByte how long a fresh connection may be without one
 * @param head how long a header block may take from its first byte on
 * @param body how long a body may stand still, and after how long its average counts
 * @param bodyRate what a body has to bring; 0: nothing
 * @param send how long a client may take nothing of a response, and after how long its average counts
 * @param sendRate what a client has to take; 0: nothing
 */
public record Timeouts(long keepAlive, long firstByte, long head, long body, int bodyRate, long send, int sendRate) {}
