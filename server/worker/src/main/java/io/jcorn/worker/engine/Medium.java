package io.jcorn.worker.engine;

import io.jcorn.worker.exchange.SpoolFile;
import io.netty.channel.Channel;

/** What lies between HTTP and the socket: nothing, or TLS. Confined to the event loop. */
interface Medium {

    /** Returns what is written to the channel for the whole of a file, which it closes. */
    Object file(Channel channel, SpoolFile spool);

    /** Tells the client that nothing follows what is sent; what it sends is still read. */
    void shutdownOutput(Channel channel);

    /** Closes the connection without a word, so that the client knows that this is not the end of what it reads. */
    void cut(Channel channel);
}
