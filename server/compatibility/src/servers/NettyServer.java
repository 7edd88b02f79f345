import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.TimeUnit;

final class NettyServer {
    public static void main(String[] args) throws Exception {
        boolean nio = Boolean.getBoolean("nio");
        EventLoopGroup parent = nio ? new NioEventLoopGroup(1) : new EpollEventLoopGroup(1);
        EventLoopGroup children = nio ? new NioEventLoopGroup(2) : new EpollEventLoopGroup(2);
        Class<? extends ServerChannel> type = nio ? NioServerSocketChannel.class : EpollServerSocketChannel.class;
        new ServerBootstrap().group(parent, children).channel(type).childHandler(new ChannelInitializer<SocketChannel>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(65536),
                        new HttpServerKeepAliveHandler(), new Handler());
            }
        }).bind(Answers.port()).sync().channel().closeFuture().sync();
    }

    private static final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            String target = request.uri();
            if (target.startsWith("/slow")) {
                ctx.executor().schedule(() -> answer(ctx, target), Answers.SLOW_MILLIS, TimeUnit.MILLISECONDS);
            } else {
                answer(ctx, target);
            }
        }

        private static void answer(ChannelHandlerContext ctx, String target) {
            byte[] body = Answers.quick(Answers.query(target)).getBytes();
            FullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(body));
            response.headers().setInt("Content-Length", body.length);
            ctx.writeAndFlush(response);
        }
    }
}
