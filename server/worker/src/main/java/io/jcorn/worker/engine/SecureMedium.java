package io.jcorn.worker.engine;

import io.jcorn.worker.exchange.SpoolFile;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.stream.ChunkedNioFile;
import io.netty.handler.stream.ChunkedWriteHandler;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Bytes go through TLS, which has an end of its own: close_notify (RFC 8446 §6.1). A client that sees the connection end
 * without it knows that somebody cut it.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails here fails the channel, which says so itself.
enum SecureMedium implements Medium {
    INSTANCE;

    private static final int PIECE = 64 << 10;

    /** The kernel cannot encrypt it, so it comes through memory, a piece when there is room for it. */
    @Override
    public Object file(Channel channel, SpoolFile spool) {
        ChannelPipeline pipeline = channel.pipeline();
        if (pipeline.get(ChunkedWriteHandler.class) == null) {
            pipeline.addAfter(pipeline.context(SslHandler.class).name(), null, new ChunkedWriteHandler());
        }
        try {
            return new ChunkedNioFile(spool.file(), 0, spool.size(), PIECE);
        } catch (IOException e) {
            throw new UncheckedIOException("an open file that says that it is closed", e);
        }
    }

    @Override
    @SuppressWarnings("deprecation") // Netty advises to close the channel, which would end the reading too.
    public void shutdownOutput(Channel channel) {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            channel.close();
            return;
        }
        tls.closeOutbound().addListener(said -> {
            if (said.isSuccess()) {
                ((DuplexChannel) channel).shutdownOutput();
            } else {
                channel.close();
            }
        });
    }
}
