import java.time.Duration;
import ratpack.exec.Promise;
import ratpack.server.RatpackServer;

final class RatpackApplication {
    public static void main(String[] args) throws Exception {
        RatpackServer.start(server -> server.serverConfig(config -> config.port(Answers.port()))
                .handlers(chain -> chain.all(context -> {
                    String query = context.getRequest().getQuery();
                    if (context.getRequest().getPath().startsWith("slow")) {
                        Promise.value(query).defer(Duration.ofMillis(Answers.SLOW_MILLIS))
                                .then(late -> context.render(Answers.quick(late)));
                    } else {
                        context.render(Answers.quick(query));
                    }
                })));
    }
}
