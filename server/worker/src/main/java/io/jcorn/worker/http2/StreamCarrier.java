package io.jcorn.worker.http2;

import io.jcorn.wire.forwarded.Origin;
import io.jcorn.worker.exchange.Carrier;
import io.jcorn.worker.http.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** What every stream of a connection answers alike. For any thread. */
abstract class StreamCarrier implements Carrier {

    final Multiplex multiplex;
    final Home home;

    StreamCarrier(Multiplex multiplex) {
        this.multiplex = multiplex;
        this.home = multiplex.home();
    }

    @Override
    public Origin origin(RequestHead head) {
        return home.origin(head);
    }

    @Override
    public InetSocketAddress localAddress() {
        return home.localAddress();
    }

    @Override
    public @Nullable SSLSession session() {
        return home.session();
    }

    /** A stream is not a connection: there is nothing that a response could keep or close. */
    @Override
    public boolean keepAlive() {
        return true;
    }

    @Override
    public boolean onEventLoop() {
        return home.onEventLoop();
    }

    final void onLoop(Runnable task) {
        if (onEventLoop()) {
            task.run();
        } else {
            home.execute(task);
        }
    }

    @Override
    public ByteBuf buffer(int capacity) {
        return capacity == 0 ? Unpooled.EMPTY_BUFFER : multiplex.buffer(capacity);
    }

    /** A file would have to be cut into frames, as windows allow: its bytes are needed here. */
    @Override
    public boolean takesFiles() {
        return false;
    }

    @Override
    public void sendFile(FileChannel file, long position, long count) {
        throw new UnsupportedOperationException("a stream takes no files");
    }
}
