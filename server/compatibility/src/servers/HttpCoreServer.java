import java.net.InetSocketAddress;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.impl.bootstrap.AsyncServerBootstrap;
import org.apache.hc.core5.http.impl.bootstrap.HttpAsyncServer;
import org.apache.hc.core5.http.nio.AsyncRequestConsumer;
import org.apache.hc.core5.http.nio.AsyncServerRequestHandler;
import org.apache.hc.core5.http.nio.entity.DiscardingEntityConsumer;
import org.apache.hc.core5.http.nio.support.AsyncResponseBuilder;
import org.apache.hc.core5.http.nio.support.BasicRequestConsumer;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.protocol.HttpContext;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

final class HttpCoreServer {
    public static void main(String[] args) throws Exception {
        HttpAsyncServer server = AsyncServerBootstrap.bootstrap().register("*", new Handler()).create();
        server.start();
        server.listen(new InetSocketAddress(Answers.port()), URIScheme.HTTP).get();
        Thread.currentThread().join();
    }

    private static final class Handler implements AsyncServerRequestHandler<Message<HttpRequest, Void>> {
        @Override
        public AsyncRequestConsumer<Message<HttpRequest, Void>> prepare(
                HttpRequest request, EntityDetails entity, HttpContext context) {
            return new BasicRequestConsumer<>(entity == null ? null : new DiscardingEntityConsumer<>());
        }

        @Override
        public void handle(Message<HttpRequest, Void> message, ResponseTrigger trigger, HttpContext context) {
            String target = message.getHead().getRequestUri();
            CompletableFuture.runAsync(
                    () -> answer(target, trigger, context),
                    CompletableFuture.delayedExecutor(
                            target.startsWith("/slow") ? Answers.SLOW_MILLIS : 0, TimeUnit.MILLISECONDS));
        }

        private static void answer(String target, ResponseTrigger trigger, HttpContext context) {
            try {
                trigger.submitResponse(
                        AsyncResponseBuilder.create(200)
                                .setEntity(Answers.quick(Answers.query(target)), ContentType.TEXT_PLAIN)
                                .build(),
                        context);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
