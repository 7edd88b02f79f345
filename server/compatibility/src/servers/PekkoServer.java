import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

final class PekkoServer {
    public static void main(String[] args) {
        ActorSystem system = ActorSystem.create();
        Http.get(system).newServerAt("0.0.0.0", Answers.port()).bind(PekkoServer::answer);
    }

    private static CompletionStage<HttpResponse> answer(HttpRequest request) {
        String target = request.getUri().toRelative().toString();
        boolean slow = target.startsWith("/slow");
        return CompletableFuture.supplyAsync(
                () -> HttpResponse.create().withEntity(Answers.quick(Answers.query(target))),
                CompletableFuture.delayedExecutor(slow ? Answers.SLOW_MILLIS : 0, TimeUnit.MILLISECONDS));
    }
}
