package io.jcorn.worker.engine;

import io.jcorn.worker.exchange.SpoolFile;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;

/** What lies between HTTP and the socket: nothing, or TLS. Confined to the event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // What fails here fails the channel, which says so itself.
interface Medium {

    /** Returns what is written to the channel for the whole of a file, which it closes. */
    Object file(Channel channel, SpoolFile spool);

    /** Tells the client that nothing follows what is sent; what it sends is still read. */
    void shutdownOutput(Channel channel);

    /**
     * Ends the connection by a reset, whatever protocol it speaks: the client cannot take what it has read for all there is, and
     * the kernel drops what the client has not taken. After a close it would keep that for as long as the client takes to read
     * it, for hours if the client wants. Below TLS, which would say close_notify and with it that all is well. A Unix socket knows
     * no reset; its client sees the end.
     */
    static void reset(Channel channel) {
        if (channel.isOpen()) {
            resetOnClose(channel, true);
            channel.unsafe().close(channel.newPromise());
        }
    }

    /**
     * Says what the kernel does when the connection is closed, by whomever, even by the end of this process: whether it resets
     * the connection, or delivers what is there and ends it well.
     */
    static void resetOnClose(Channel channel, boolean reset) {
        channel.config().setOption(ChannelOption.SO_LINGER, reset ? 0 : -1);
    }

    /**
     * Ends the sending side in the middle of what the client reads. The client must be able to tell: from the length, the
     * missing last chunk, or with TLS from the missing close_notify.
     */
    static void breakOff(Channel channel) {
        if (channel instanceof DuplexChannel halves) {
            // Past TLS, which is a handler and sees only what goes through the pipeline.
            halves.shutdownOutput();
        }
    }
}
