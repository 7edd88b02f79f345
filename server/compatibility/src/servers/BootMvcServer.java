import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

public class BootMvcServer {
    public static void main(String[] args) {
        SpringApplication application = new SpringApplication(Setup.class);
        application.setDefaultProperties(Map.of("server.port", Answers.port()));
        application.run(args);
    }

    @Configuration
    @EnableAutoConfiguration
    public static class Setup {
        @Bean
        public Controller controller() {
            return new Controller();
        }
    }

    @RestController
    public static class Controller {
        @GetMapping("/")
        public String quick(@RequestParam(name = "rid", defaultValue = "0") String rid) {
            return Answers.quick("rid=" + rid);
        }

        @GetMapping("/slow")
        public String slow(@RequestParam(name = "rid", defaultValue = "0") String rid) {
            return Answers.slow("rid=" + rid);
        }
    }
}
