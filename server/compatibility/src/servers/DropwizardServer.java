import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.io.ByteArrayInputStream;

public class DropwizardServer extends Application<Configuration> {
    public static void main(String[] args) throws Exception {
        new DropwizardServer().run("server", "configuration");
    }

    @Override
    public void initialize(Bootstrap<Configuration> bootstrap) {
        String yaml = "server:\n  type: simple\n  applicationContextPath: /\n  adminContextPath: /admin\n"
                + "  connector:\n    type: http\n    port: " + Answers.port() + "\nlogging:\n  level: WARN\n";
        bootstrap.setConfigurationSourceProvider(path -> new ByteArrayInputStream(yaml.getBytes()));
    }

    @Override
    public void run(Configuration configuration, Environment environment) {
        environment.jersey().register(new Resource());
    }

    @Path("/")
    public static class Resource {
        @GET
        public String quick(@QueryParam("rid") String rid) {
            return Answers.quick("rid=" + rid);
        }

        @GET
        @Path("slow")
        public String slow(@QueryParam("rid") String rid) {
            return Answers.slow("rid=" + rid);
        }
    }
}
