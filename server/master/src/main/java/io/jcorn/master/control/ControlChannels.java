package io.jcorn.master.control;

import io.jcorn.master.posix.Posix;
import io.jcorn.master.posix.PosixException;
import io.jcorn.master.posix.SocketPair;
import io.jcorn.wire.Log;
import io.jcorn.wire.Message;
import io.jcorn.wire.MessageCodec;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The master's ends of all control channels, read by one thread.
 *
 * <p>Its descriptors are closed by that thread only: were they closed by another, the kernel could give the number to a
 * new channel while poll(2) still waits for the old one. And they are closed under the lock of their channel: whoever sends
 * at that moment would otherwise write into whatever got the number next.
 */
public final class ControlChannels implements AutoCloseable {

    /** Whoever wants to know what comes out of the channels. Called on the reading thread; must only enqueue. */
    public interface Listener {
        /** A worker said something. */
        void told(long worker, Message.FromWorker message);

        /** A worker closed its end, or said something that is no message. */
        void closed(long worker);
    }

    private static final class Channel {
        final long worker;
        final int descriptor;
        final MessageCodec.Decoder decoder = new MessageCodec.Decoder();
        boolean closed;
        boolean ended;

        Channel(long worker, int descriptor) {
            this.worker = worker;
            this.descriptor = descriptor;
        }
    }

    private static final byte[] WAKE = {1};

    private final Posix posix;
    private final Listener listener;
    private final Log log;
    private final SocketPair wake;
    private final Map<Long, Channel> channels = new ConcurrentHashMap<>();
    private final Queue<Channel> leaving = new ConcurrentLinkedQueue<>();
    private final Thread reader;
    private volatile boolean stopped;
    private boolean wakeClosed;

    /**
     * Starts to read.
     *
     * @throws PosixException if no socket pair can be made
     */
    public ControlChannels(Posix posix, Listener listener, Log log) throws PosixException {
        this.posix = posix;
        this.listener = listener;
        this.log = log;
        this.wake = posix.socketPair();
        this.reader = new Thread(this::read, "jcorn-channels");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Opens a channel to a worker that is about to be spawned.
     *
     * @return the descriptor of the worker's end; the caller closes it once the worker has it
     */
    public int open(long worker) throws PosixException {
        SocketPair pair = posix.socketPair();
        channels.put(worker, new Channel(worker, pair.ours()));
        wake();
        return pair.theirs();
    }

    /** Closes the channel of a worker that is gone or was never born. */
    public void close(long worker) {
        Channel channel = channels.remove(worker);
        if (channel != null) {
            leaving.add(channel);
            wake();
        }
    }

    /**
     * Sends without waiting. A worker that does not read its channel is not told; its deadline takes care of it.
     *
     * @return whether the kernel took the whole message
     */
    public boolean send(long worker, Message.ToWorker message) {
        Channel channel = channels.get(worker);
        if (channel == null) {
            return false;
        }
        byte[] frame = MessageCodec.encode(message);
        synchronized (channel) {
            try {
                return !channel.closed && posix.send(channel.descriptor, frame, 0, frame.length) == frame.length;
            } catch (PosixException e) {
                log.debug("Worker " + worker + " cannot be told " + message + ": " + e.getMessage());
                return false;
            }
        }
    }

    /**
     * Passes on whatever a worker has said and nobody has read yet. Who reaps a worker calls this first: its last words were
     * in the channel before it died, but the reading thread may be slower than the signal of its death.
     */
    public void hearOut(long worker) {
        Channel channel = channels.get(worker);
        if (channel != null) {
            byte[] bytes = new byte[16 << 10];
            while (receive(channel, bytes)) {}
        }
    }

    /** Stops reading and closes all channels. Workers that still live take it for the master's death. */
    @Override
    public void close() {
        stopped = true;
        wake();
        try {
            reader.join(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!reader.isAlive() && !wakeClosed) {
            wakeClosed = true;
            posix.close(wake.ours());
            posix.close(wake.theirs());
        }
    }

    private void wake() {
        if (!reader.isAlive()) {
            return;
        }
        try {
            posix.send(wake.theirs(), WAKE, 0, WAKE.length);
        } catch (PosixException e) {
            throw new IllegalStateException("the master cannot wake itself", e);
        }
    }

    private void read() {
        byte[] buffer = new byte[64 << 10];
        while (!stopped) {
            try {
                for (int descriptor : posix.poll(descriptors(), -1)) {
                    take(descriptor, buffer);
                }
                closeLeaving();
            } catch (IOException | RuntimeException | Error e) {
                log.error("A defect in jcorn: control channels: " + e);
            }
        }
        leaving.addAll(channels.values());
        channels.clear();
        closeLeaving();
    }

    private int[] descriptors() {
        int[] descriptors = new int[channels.size() + 1];
        int count = 0;
        descriptors[count++] = wake.ours();
        for (Channel channel : channels.values()) {
            if (count == descriptors.length) {
                // Opened since the array was made; its wake-up is waiting already.
                break;
            }
            descriptors[count++] = channel.descriptor;
        }
        return count == descriptors.length ? descriptors : Arrays.copyOf(descriptors, count);
    }

    private void take(int descriptor, byte[] buffer) throws PosixException {
        if (descriptor == wake.ours()) {
            posix.receive(descriptor, buffer);
            return;
        }
        for (Channel channel : channels.values()) {
            if (channel.descriptor == descriptor) {
                receive(channel, buffer);
                return;
            }
        }
    }

    /** Returns whether there may be more. */
    private boolean receive(Channel channel, byte[] buffer) {
        synchronized (channel) {
            if (channel.closed || channel.ended) {
                return false;
            }
            try {
                int length = posix.receive(channel.descriptor, buffer);
                if (length < 0) {
                    endOfFile(channel);
                } else {
                    tell(channel, buffer, length);
                }
                return length > 0;
            } catch (IOException e) {
                // Without its end the worker takes us for dead, and leaves.
                log.error("Worker number " + channel.worker + " is given up: " + e.getMessage());
                endOfFile(channel);
                return false;
            }
        }
    }

    private void tell(Channel channel, byte[] buffer, int length) throws IOException {
        for (Message message : channel.decoder.feed(buffer, 0, length)) {
            if (!(message instanceof Message.FromWorker said)) {
                throw new IOException("a worker does not say " + message);
            }
            listener.told(channel.worker, said);
        }
    }

    private void endOfFile(Channel channel) {
        channel.ended = true;
        // Before the channel leaves the map: who hears a worker out and finds none there has heard all.
        listener.closed(channel.worker);
        close(channel.worker);
    }

    private void closeLeaving() {
        for (Channel channel = leaving.poll(); channel != null; channel = leaving.poll()) {
            synchronized (channel) {
                channel.closed = true;
                posix.close(channel.descriptor);
            }
        }
    }
}
