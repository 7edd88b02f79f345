import io.helidon.webserver.WebServer;

final class HelidonServer {
    public static void main(String[] args) {
        WebServer.builder()
                .host("0.0.0.0")
                .port(Answers.port())
                .routing(routing -> routing.any((request, response) -> response.send(Answers.any(
                        request.path().path(), request.query().rawValue()))))
                .build()
                .start();
    }
}
