package io.jcorn.master.arbiter;

import io.jcorn.wire.Message;

/** One thing that the reconciler decided and the arbiter does. */
sealed interface Action {

    /** Start a worker. */
    record Spawn(int slot, int generation) implements Action {}

    /** Tell a worker to finish what is in flight and leave. */
    record Drain(WorkerHandle worker, Message.Gate gate, String because) implements Action {}

    /** Tell a worker to leave now. */
    record Quit(WorkerHandle worker, String because) implements Action {}

    /** A worker missed its deadline: ask what its threads are doing. */
    record Dump(WorkerHandle worker) implements Action {}

    /** End a worker with KILL. */
    record Kill(WorkerHandle worker) implements Action {}

    /** This worker has been ready for so long that its slot is in no crash loop any more. */
    record Trust(WorkerHandle worker) implements Action {}

    /** The wanted generation fills all slots. */
    record Promote(int generation) implements Action {}

    /** No process of this generation is left, and none will be: its snapshot can go. */
    record Forget(int generation) implements Action {}

    /** Nothing is left to do: the master ends. */
    record Halt() implements Action {}

    /** No worker of the first generation became ready, and none is trying any more. */
    record GiveUp() implements Action {}
}
