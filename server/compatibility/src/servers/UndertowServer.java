import io.undertow.Undertow;
import io.undertow.server.handlers.BlockingHandler;

final class UndertowServer {
    public static void main(String[] args) {
        Undertow.builder()
                .addHttpListener(Answers.port(), "0.0.0.0")
                .setHandler(new BlockingHandler(exchange -> exchange.getResponseSender()
                        .send(Answers.any(exchange.getRequestPath(), exchange.getQueryString()))))
                .build()
                .start();
    }
}
