package io.jcorn.master.metrics;

import io.jcorn.master.arbiter.Exit;
import io.jcorn.master.arbiter.Journal;
import io.jcorn.master.arbiter.WorkerHandle;
import io.jcorn.master.posix.Reaped;
import io.jcorn.master.posix.Signal;

/** Two journals that are told the same, the first one first. */
record JointJournal(Journal one, Journal other) implements Journal {

    @Override
    public void signalCame(Signal signal) {
        one.signalCame(signal);
        other.signalCame(signal);
    }

    @Override
    public void reopenLogs() {
        one.reopenLogs();
        other.reopenLogs();
    }

    @Override
    public void ignored(Signal signal, String why) {
        one.ignored(signal, why);
        other.ignored(signal, why);
    }

    @Override
    public void spawned(WorkerHandle worker) {
        one.spawned(worker);
        other.spawned(worker);
    }

    @Override
    public void spawnFailed(int slot, int generation, String reason) {
        one.spawnFailed(slot, generation, reason);
        other.spawnFailed(slot, generation, reason);
    }

    @Override
    public void ready(WorkerHandle worker, String application, long took) {
        one.ready(worker, application, took);
        other.ready(worker, application, took);
    }

    @Override
    public void promoted(int generation, int workers, long took) {
        one.promoted(generation, workers, took);
        other.promoted(generation, workers, took);
    }

    @Override
    public void cannotBoot(WorkerHandle worker, String reason) {
        one.cannotBoot(worker, reason);
        other.cannotBoot(worker, reason);
    }

    @Override
    public void draining(WorkerHandle worker) {
        one.draining(worker);
        other.draining(worker);
    }

    @Override
    public void gateClosed(WorkerHandle worker, int connections) {
        one.gateClosed(worker, connections);
        other.gateClosed(worker, connections);
    }

    @Override
    public void unfinished(WorkerHandle worker, int requests) {
        one.unfinished(worker, requests);
        other.unfinished(worker, requests);
    }

    @Override
    public void late(WorkerHandle worker, String what) {
        one.late(worker, what);
        other.late(worker, what);
    }

    @Override
    public void dumped(WorkerHandle worker, String text) {
        one.dumped(worker, text);
        other.dumped(worker, text);
    }

    @Override
    public void killing(WorkerHandle worker) {
        one.killing(worker);
        other.killing(worker);
    }

    @Override
    public void exited(WorkerHandle worker, Exit exit) {
        one.exited(worker, exit);
        other.exited(worker, exit);
    }

    @Override
    public void foreignChild(Reaped reaped) {
        one.foreignChild(reaped);
        other.foreignChild(reaped);
    }

    @Override
    public void breakerOpened(int failures, int healthy) {
        one.breakerOpened(failures, healthy);
        other.breakerOpened(failures, healthy);
    }

    @Override
    public void breakerClosed() {
        one.breakerClosed();
        other.breakerClosed();
    }

    @Override
    public void reloadStarted(int generation) {
        one.reloadStarted(generation);
        other.reloadStarted(generation);
    }

    @Override
    public void reloadRefused(String reason) {
        one.reloadRefused(reason);
        other.reloadRefused(reason);
    }

    @Override
    public void reloadFailed(int generation, int proven, String reason) {
        one.reloadFailed(generation, proven, reason);
        other.reloadFailed(generation, proven, reason);
    }

    @Override
    public void reloadQueued() {
        one.reloadQueued();
        other.reloadQueued();
    }

    @Override
    public void workersWanted(int before, int after) {
        one.workersWanted(before, after);
        other.workersWanted(before, after);
    }

    @Override
    public void suspended(long millis) {
        one.suspended(millis);
        other.suspended(millis);
    }

    @Override
    public void stopping(boolean gracefully) {
        one.stopping(gracefully);
        other.stopping(gracefully);
    }

    @Override
    public void listenersClosed(long took) {
        one.listenersClosed(took);
        other.listenersClosed(took);
    }

    @Override
    public void gaveUp(Exit first) {
        one.gaveUp(first);
        other.gaveUp(first);
    }
}
