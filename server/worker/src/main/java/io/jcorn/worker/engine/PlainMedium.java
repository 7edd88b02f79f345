package io.jcorn.worker.engine;

import io.jcorn.worker.exchange.SpoolFile;
import io.netty.channel.Channel;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.socket.DuplexChannel;

/** Bytes go to the socket as they are, and files by sendfile(2). */
@SuppressWarnings("FutureReturnValueIgnored") // What fails here fails the channel, which says so itself.
enum PlainMedium implements Medium {
    INSTANCE;

    @Override
    public Object file(Channel channel, SpoolFile spool) {
        return new DefaultFileRegion(spool.file(), 0, spool.size());
    }

    @Override
    public void shutdownOutput(Channel channel) {
        ((DuplexChannel) channel).shutdownOutput();
    }
}
