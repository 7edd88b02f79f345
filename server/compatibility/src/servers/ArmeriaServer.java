import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.Server;
import java.time.Duration;

final class ArmeriaServer {
    public static void main(String[] args) {
        Server.builder()
                .http(Answers.port())
                .service("prefix:/", (context, request) -> context.path().startsWith("/slow")
                        ? HttpResponse.delayed(
                                () -> HttpResponse.of(Answers.quick(context.query())),
                                Duration.ofMillis(Answers.SLOW_MILLIS))
                        : HttpResponse.of(Answers.quick(context.query())))
                .build()
                .start()
                .join();
    }
}
