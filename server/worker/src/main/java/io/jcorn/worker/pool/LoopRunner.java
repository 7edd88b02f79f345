package io.jcorn.worker.pool;

/** Runs exchanges on the event loop, one after another: for handlers that never block, or as gunicorn's sync worker. */
public final class LoopRunner implements Runner {

    @Override
    public void submit(Runnable exchange) {
        exchange.run();
    }

    @Override
    public boolean onEventLoop() {
        return true;
    }
}
