package io.jcorn.master.control;

import io.jcorn.master.posix.Posix;
import io.jcorn.master.posix.PosixException;
import io.jcorn.master.posix.SocketPair;
import io.jcorn.wire.Log;
import io.jcorn.wire.Message;
import io.jcorn.wire.MessageCodec;
import java.io.IOException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The master's ends of all control channels, read by one thread.
 *
 * <p>Its descriptors are closed by that thread only: were they closed by another, the kernel could give the number to a
 * new channel while poll(2) still waits for the old one.
 */
public final class ControlChannels implements AutoCloseable {

    /** Whoever wants to know what comes out of the channels. Called on the reading thread; must only enqueue. */
    public interface Listener {
        /** A worker said something. */
        void told(long worker, Message.FromWorker message);

        /** A worker closed its end, or said something that is no message. */
        void closed(long worker);
    }

    private record Channel(long worker, int descriptor, MessageCodec.Decoder decoder) {}

    private static final byte[] WAKE = {1};

    private final Posix posix;
    private final Listener listener;
    private final Log log;
    private final SocketPair wake;
    private final Map<Long, Channel> channels = new ConcurrentHashMap<>();
    private final Queue<Channel> leaving = new ConcurrentLinkedQueue<>();
    private final byte[] buffer = new byte[64 << 10];
    private final Thread reader;
    private volatile boolean stopped;

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
        channels.put(worker, new Channel(worker, pair.ours(), new MessageCodec.Decoder()));
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
        try {
            return posix.send(channel.descriptor(), frame, 0, frame.length) == frame.length;
        } catch (PosixException e) {
            log.debug("Worker " + worker + " cannot be told " + message + ": " + e.getMessage());
            return false;
        }
    }

    /** Stops reading. Workers that still live take it for the master's death. */
    @Override
    public void close() {
        stopped = true;
        wake();
        try {
            reader.join(1_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake() {
        try {
            posix.send(wake.theirs(), WAKE, 0, WAKE.length);
        } catch (PosixException e) {
            throw new IllegalStateException("the master cannot wake itself", e);
        }
    }

    private void read() {
        while (!stopped) {
            try {
                for (int descriptor : posix.poll(descriptors(), -1)) {
                    take(descriptor);
                }
                closeLeaving();
            } catch (IOException e) {
                log.error("Control channels: " + e.getMessage());
            }
        }
        leaving.addAll(channels.values());
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
            descriptors[count++] = channel.descriptor();
        }
        return count == descriptors.length ? descriptors : java.util.Arrays.copyOf(descriptors, count);
    }

    private void take(int descriptor) throws PosixException {
        int length = posix.receive(descriptor, buffer);
        if (descriptor == wake.ours()) {
            return;
        }
        for (Channel channel : channels.values()) {
            if (channel.descriptor() == descriptor) {
                take(channel, length);
                return;
            }
        }
    }

    private void take(Channel channel, int length) {
        if (length < 0) {
            endOfFile(channel);
            return;
        }
        try {
            for (Message message : channel.decoder().feed(buffer, 0, length)) {
                if (message instanceof Message.FromWorker said) {
                    listener.told(channel.worker(), said);
                }
            }
        } catch (IOException e) {
            log.error("Worker " + channel.worker() + ": " + e.getMessage());
            endOfFile(channel);
        }
    }

    private void endOfFile(Channel channel) {
        close(channel.worker());
        listener.closed(channel.worker());
    }

    private void closeLeaving() {
        for (Channel channel = leaving.poll(); channel != null; channel = leaving.poll()) {
            posix.close(channel.descriptor());
        }
    }
}
