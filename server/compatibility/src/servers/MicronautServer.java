import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.runtime.Micronaut;
import io.micronaut.scheduling.annotation.ExecuteOn;
import java.util.Map;

public class MicronautServer {
    public static void main(String[] args) {
        Micronaut.build(args)
                .properties(Map.of("micronaut.server.port", Answers.port()))
                .mainClass(MicronautServer.class)
                .start();
    }

    @Controller
    @ExecuteOn("io")
    public static class Resource {
        @Get(value = "/", produces = "text/plain")
        public String quick(@QueryValue(defaultValue = "0") String rid) {
            return Answers.quick("rid=" + rid);
        }

        @Get(value = "/slow", produces = "text/plain")
        public String slow(@QueryValue(defaultValue = "0") String rid) {
            return Answers.slow("rid=" + rid);
        }
    }
}
