package io.jcorn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.dist.Distribution;
import io.jcorn.it.LoadClient.Question;
import io.jcorn.it.LoadClient.Style;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Netty's native epoll transport in other versions than ours, as applications bring it along. */
class HostedNettyIT {

    private static final int USERS = 8;

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
            import java.util.concurrent.TimeUnit;

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
                            String target = head.toString().split(" ")[1];
                            head.setLength(0);
                            System.out.println("executed " + target);
                            context.executor().schedule(() -> answer(context), target.equals("/slow") ? 3_000 : 0,
                                    TimeUnit.MILLISECONDS);
                        }
                    }

                    private void answer(ChannelHandlerContext context) {
                        String body = "pid=" + ProcessHandle.current().pid() + "\\n";
                        context.writeAndFlush(Unpooled.copiedBuffer("HTTP/1.1 200 OK\\r\\nContent-Length: "
                                + body.length() + "\\r\\n\\r\\n" + body, StandardCharsets.ISO_8859_1));
                    }
                }
            }
            """;

    @RegisterExtension
    final Workplace place = new Workplace();

    @ParameterizedTest
    @CsvSource({
        "17, netty-4.1,    '',                       main",
        "17, netty-4.1,    '',                       loader",
        "25, netty-4.2,    '',                       main",
        "25, netty-shaded, io.grpc.netty.shaded.,    main"
    })
    void servesAndLeavesInOrder(int java, String version, String prefix, String where) throws IOException {
        AdoptionIT.servesAndLeavesInOrder(netty(version, prefix, where).workersOn(java));
    }

    /** Its reads and writes are seen too. */
    @ParameterizedTest
    @CsvSource({
        "17, netty-4.1,    ''",
        "25, netty-4.2,    ''",
        "17, netty-shaded, io.grpc.netty.shaded.",
    })
    void requestsInFlightAreFinished(int java, String version, String prefix) throws IOException {
        Question slow = new Question("/slow", Pattern.compile("pid=[0-9]+\n"));
        try (RunningJcorn jcorn = netty(version, prefix, "main").workersOn(java).start();
                LoadClient inFlight = LoadClient.start(jcorn.port(), Style.CONNECTION_PER_REQUEST, 4, slow)) {
            inFlight.awaitAnswers(4);
            jcorn.signal("TERM");
            inFlight.awaitRefusal().assertOnlyRefused();
            jcorn.assertExit(0);
        }
    }

    /** Netty closes a connection as soon as it reads the end of it, whatever is being answered there. */
    @Test
    void noRequestIsExecutedThatIsNotAnswered() throws Exception {
        try (RunningJcorn jcorn = netty("netty-4.1", "", "main").start()) {
            ExecutorService clients = Executors.newCachedThreadPool();
            AtomicBoolean over = new AtomicBoolean();
            List<Future<List<String>>> lost = new ArrayList<>();
            for (int user = 0; user < USERS; user++) {
                String prefix = "/" + user + "-";
                lost.add(clients.submit(() -> lost(jcorn.port(), prefix, over)));
            }
            for (int generation = 1; generation <= 3; generation++) {
                jcorn.signal("HUP");
                jcorn.awaitEvents("Worker exiting \\(pid: [0-9]+, slot=[0-9] gen=" + generation + "\\)", 2);
            }
            over.set(true);
            List<String> unanswered = new ArrayList<>();
            for (Future<List<String>> user : lost) {
                unanswered.addAll(user.get());
            }
            clients.shutdown();
            assertThat(unanswered).as("kept connections were closed").isNotEmpty();
            List<String> executed = jcorn.output().lines().toList();
            assertThat(unanswered.stream().filter(target -> executed.contains("executed " + target)))
                    .as("of " + unanswered)
                    .isEmpty();
        }
    }

    /** Asks for one thing after the other on kept connections; returns what got no answer. */
    private static List<String> lost(int port, String prefix, AtomicBoolean over) throws IOException {
        List<String> lost = new ArrayList<>();
        int next = 0;
        while (!over.get()) {
            try (HttpConnection connection = HttpConnection.open(port)) {
                while (!over.get()) {
                    next++;
                    connection.get(prefix + next);
                }
            } catch (IOException e) {
                lost.add(prefix + next);
            }
        }
        return lost;
    }

    private Launch netty(String version, String prefix, String where) throws IOException {
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
        return place.jcorn(command.toArray(String[]::new)).tolerate("^WARNING: ");
    }
}
