package io.jcorn.master.posix;

/**
 * Two connected Unix stream sockets. Both are close-on-exec, so that no child inherits an end that was not handed to it:
 * one stray copy of our end and the worker would never see end of file when the master dies.
 *
 * @param ours non-blocking: the master never waits for one worker
 * @param theirs blocking: the worker's agent reads it on a thread of its own. Close it after the spawn
 */
public record SocketPair(int ours, int theirs) {}
