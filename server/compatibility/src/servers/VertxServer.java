import io.vertx.core.Vertx;

final class VertxServer {
    public static void main(String[] args) {
        Vertx vertx = Vertx.vertx();
        vertx.createHttpServer()
                .requestHandler(request -> {
                    if (request.path().startsWith("/slow")) {
                        vertx.setTimer(Answers.SLOW_MILLIS, timer -> request.response().end(Answers.quick(request.query())));
                    } else {
                        request.response().end(Answers.quick(request.query()));
                    }
                })
                .listen(Answers.port());
    }
}
