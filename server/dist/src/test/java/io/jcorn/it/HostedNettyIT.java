package io.jcorn.it;

import io.jcorn.dist.Distribution;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Netty's native epoll transport in other versions than ours, as applications bring it along. */
class HostedNettyIT {

    /** Compiles against every version: the group is deprecated since 4.2, and still there. */
    private static final String SERVER = """
            import PREFIXio.netty.bootstrap.ServerBootstrap;
            import PREFIXio.netty.buffer.ByteBuf;
            import PREFIXio.netty.buffer.Unpooled;
            import PREFIXio.netty.channel.Channel;
            import PREFIXio.netty.channel.ChannelHandlerContext;
            import PREFIXio.netty.channel.ChannelInitializer;
            import PREFIXio.netty.channel.EventLoopGroup;
            import PREFIXio.netty.channel.SimpleChannelInboundHandler;
            import PREFIXio.netty.channel.epoll.EpollEventLoopGroup;
            import PREFIXio.netty.channel.epoll.EpollServerSocketChannel;
            import java.nio.charset.StandardCharsets;

            public final class Main {
                public static void main(String[] arguments) throws Exception {
                    if (arguments.length > 0) {
                        elsewhere();
                        return;
                    }
                    EventLoopGroup group = new EpollEventLoopGroup(2);
                    new ServerBootstrap().group(new EpollEventLoopGroup(1), group)
                            .channel(EpollServerSocketChannel.class)
                            .childHandler(new ChannelInitializer<Channel>() {
                                @Override
                                protected void initChannel(Channel channel) {
                                    channel.pipeline().addLast(new Answering());
                                }
                            })
                            .bind(Integer.parseInt(System.getenv("PORT"))).sync().channel().closeFuture().sync();
                }

                /** In a class loader of its own, as Boot's and those of containers are. */
                private static void elsewhere() throws Exception {
                    String[] paths = System.getProperty("java.class.path").split(":");
                    java.net.URL[] urls = new java.net.URL[paths.length];
                    for (int i = 0; i < paths.length; i++) {
                        urls[i] = java.nio.file.Path.of(paths[i]).toUri().toURL();
                    }
                    ClassLoader loader = new java.net.URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
                    Thread.currentThread().setContextClassLoader(loader);
                    loader.loadClass("Main").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
                }

                private static final class Answering extends SimpleChannelInboundHandler<ByteBuf> {
                    private final StringBuilder head = new StringBuilder();

                    @Override
                    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
                        head.append(bytes.toString(StandardCharsets.ISO_8859_1));
                        if (head.toString().endsWith("\\r\\n\\r\\n")) {
                            head.setLength(0);
                            String body = "pid=" + ProcessHandle.current().pid() + "\\n";
                            context.writeAndFlush(Unpooled.copiedBuffer("HTTP/1.1 200 OK\\r\\nContent-Length: "
                                    + body.length() + "\\r\\n\\r\\n" + body, StandardCharsets.ISO_8859_1));
                        }
                    }
                }
            }
            """;

    @RegisterExtension
    final Workplace place = new Workplace();

    @ParameterizedTest
    @CsvSource({
        "17, netty-4.1,    '',                       main",
        "25, netty-4.1,    '',                       main",
        "17, netty-4.1,    '',                       loader",
        "17, netty-4.2,    '',                       main",
        "25, netty-4.2,    '',                       main",
        "17, netty-shaded, io.grpc.netty.shaded.,    main",
        "25, netty-shaded, io.grpc.netty.shaded.,    main"
    })
    void servesAndLeavesInOrder(int java, String version, String prefix, String where) throws IOException {
        App app = new App(place.folder(), "netty").source(SERVER.replace("PREFIX", prefix));
        List<String> command = new ArrayList<>(List.of("--workers", "2"));
        for (Path library : Distribution.hosted(version)) {
            app.with(library);
            command.addAll(List.of("--classpath", library.toString()));
        }
        command.add(app.manifest("Main-Class", "Main").jar().toString());
        if (where.equals("loader")) {
            command.addAll(List.of("--", where));
        }
        AdoptionIT.servesAndLeavesInOrder(
                place.jcorn(command.toArray(String[]::new)).workersOn(java).tolerate("^WARNING: "));
    }
}
