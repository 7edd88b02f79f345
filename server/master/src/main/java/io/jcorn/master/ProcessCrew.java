package io.jcorn.master;

import io.jcorn.master.arbiter.Crew;
import io.jcorn.master.arbiter.WorkerHandle;
import io.jcorn.master.control.ControlChannels;
import io.jcorn.master.listen.Listener;
import io.jcorn.master.log.Circumstances;
import io.jcorn.master.metrics.Tally;
import io.jcorn.master.posix.Posix;
import io.jcorn.master.posix.PosixException;
import io.jcorn.master.posix.Reaped;
import io.jcorn.master.posix.Signal;
import io.jcorn.master.posix.SpawnSpec;
import io.jcorn.wire.Handover;
import io.jcorn.wire.Handover.InheritedListener;
import io.jcorn.wire.Log;
import io.jcorn.wire.Message;
import io.jcorn.wire.Scoreboard;
import io.jcorn.wire.Scoreboard.Cell;
import io.jcorn.wire.access.Flights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The workers as real processes. */
final class ProcessCrew implements Crew {

    private final Posix posix;
    private final ControlChannels channels;
    private final GenerationStore generations;
    private final RunFolder runFolder;
    private final Scoreboard scoreboard;
    private final Flights flights;
    private final int scoreboardDescriptor;
    private final Tally tally;
    private final TempFolders tempFolders;
    private final MemoryEvents memoryEvents = MemoryEvents.ofThisProcess();
    private final Log log;

    ProcessCrew(
            Posix posix,
            ControlChannels channels,
            GenerationStore generations,
            RunFolder runFolder,
            Scoreboard scoreboard,
            Flights flights,
            int scoreboardDescriptor,
            Tally tally,
            TempFolders tempFolders,
            Log log) {
        this.posix = posix;
        this.channels = channels;
        this.generations = generations;
        this.runFolder = runFolder;
        this.scoreboard = scoreboard;
        this.flights = flights;
        this.scoreboardDescriptor = scoreboardDescriptor;
        this.tally = tally;
        this.tempFolders = tempFolders;
        this.log = log;
    }

    @Override
    public int spawn(long id, int slot, int number, int row) throws IOException {
        Generation generation = generations.get(number);
        runFolder.restore();
        generations.check(generation);
        int theirs = channels.open(id);
        try {
            List<Integer> descriptors = new ArrayList<>();
            List<InheritedListener> listeners = new ArrayList<>();
            for (Listener listener : generation.listeners()) {
                listeners.add(new InheritedListener(Handover.FIRST_LISTENER + descriptors.size(), listener.address()));
                descriptors.add(listener.descriptor());
            }
            int control = Handover.FIRST_LISTENER + descriptors.size();
            descriptors.add(theirs);
            descriptors.add(scoreboardDescriptor);
            Handover handover = new Handover(slot, number, control, control + 1, row, listeners);
            SpawnSpec spec = generation.command().spec(handover, descriptors, tempFolders.of(id));
            int pid = posix.spawn(spec);
            tally.joined(id, scoreboard.row(row));
            return pid;
        } catch (IOException e) {
            channels.close(id);
            tempFolders.remove(id);
            throw e;
        } finally {
            posix.close(theirs);
        }
    }

    /** What is known of a worker until it is released. */
    Circumstances circumstances(WorkerHandle worker) {
        boolean begun = scoreboard.row(worker.row()).get(Cell.PID) != 0;
        return new Circumstances(
                generations.hosted(worker.generation()), begun, generations.debugger(worker.generation()));
    }

    @Override
    public void tell(WorkerHandle worker, Message.ToWorker message) {
        channels.send(worker.id(), message);
    }

    @Override
    public void kill(WorkerHandle worker) {
        try {
            posix.kill(worker.pid(), Signal.KILL.number());
        } catch (PosixException e) {
            log.error("Worker (" + worker + ") cannot be killed: " + e.getMessage());
        }
    }

    @Override
    public @Nullable Reaped reap() {
        try {
            return posix.reap();
        } catch (PosixException e) {
            log.error("Children cannot be reaped: " + e.getMessage());
            return null;
        }
    }

    @Override
    public void hearOut(WorkerHandle worker) {
        channels.hearOut(worker.id());
    }

    @Override
    public long lastBeat(WorkerHandle worker) {
        return TimeUnit.NANOSECONDS.toMillis(scoreboard.row(worker.row()).get(Cell.BEAT));
    }

    @Override
    public void release(WorkerHandle worker) {
        channels.close(worker.id());
        tally.departed(worker.id());
        scoreboard.row(worker.row()).clear();
        flights.clear(worker.row());
        tempFolders.remove(worker.id());
    }

    @Override
    public long outOfMemoryKills() {
        return memoryEvents.kills();
    }
}
