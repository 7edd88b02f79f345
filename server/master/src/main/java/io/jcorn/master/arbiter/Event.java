package io.jcorn.master.arbiter;

import io.jcorn.master.posix.Signal;
import io.jcorn.wire.Message;

/** Something that happened. Whoever learns of it puts it into the one queue and does nothing else. */
public sealed interface Event {

    /** A signal was sent to the master. */
    record SignalCame(Signal signal) implements Event {}

    /** A worker said something. */
    record Told(long worker, Message.FromWorker message) implements Event {}

    /** The control channel of a worker came to its end. */
    record ChannelClosed(long worker) implements Event {}

    /** A new generation is ready to be started: configuration valid, application copied, listeners bound. */
    record Prepared(int generation, Policy policy) implements Event {}

    /** A new generation cannot be started; the present one is untouched. The reason is complete sentences. */
    record Refused(String reason) implements Event {}
}
