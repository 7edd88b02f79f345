import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServer;

final class ReactorServer {
    public static void main(String[] args) {
        HttpServer.create()
                .host("0.0.0.0")
                .port(Answers.port())
                .handle((request, response) -> {
                    Mono<String> body = Mono.fromSupplier(() -> Answers.quick(Answers.query(request.uri())));
                    return response.sendString(
                            request.uri().startsWith("/slow")
                                    ? Mono.delay(Duration.ofMillis(Answers.SLOW_MILLIS)).then(body)
                                    : body);
                })
                .bindNow()
                .onDispose()
                .block();
    }
}
