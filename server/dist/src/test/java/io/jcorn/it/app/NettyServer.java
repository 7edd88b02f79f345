package io.jcorn.it.app;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Netty's native epoll transport, which asks the kernel without the JDK. It binds {@code PORT}, or with the argument {@code inherited}
 * takes the first socket that was handed to it as systemd does, see sd_listen_fds(3).
 */
public final class NettyServer {

    private static final int FIRST_DESCRIPTOR = 3;

    private NettyServer() {}

    /** Serves until the process ends. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        ServerBootstrap bootstrap = new ServerBootstrap().group(group).childHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Answering());
            }
        });
        serving(bootstrap, arguments.length > 0).sync().channel().closeFuture().sync();
    }

    private static ChannelFuture serving(ServerBootstrap bootstrap, boolean inherited) throws IOException {
        if (!inherited) {
            return bootstrap.channel(EpollServerSocketChannel.class).bind(Integer.parseInt(System.getenv("PORT")));
        }
        String own = Long.toString(ProcessHandle.current().pid());
        if (!own.equals(System.getenv("LISTEN_PID")) || System.getenv("LISTEN_FDS") == null) {
            throw new IOException("no sockets are for " + own + ": LISTEN_PID is " + System.getenv("LISTEN_PID")
                    + ", LISTEN_FDS is " + System.getenv("LISTEN_FDS"));
        }
        return bootstrap
                .channelFactory(() -> new EpollServerSocketChannel(FIRST_DESCRIPTOR))
                .register();
    }

    private static final class Answering extends SimpleChannelInboundHandler<ByteBuf> {

        private final StringBuilder head = new StringBuilder();

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // The listener deals with what fails.
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
            head.append(bytes.toString(StandardCharsets.ISO_8859_1));
            if (Http.complete(head)) {
                head.setLength(0);
                context.writeAndFlush(Unpooled.wrappedBuffer(Http.answer(Http.pid())))
                        .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            }
        }
    }
}
