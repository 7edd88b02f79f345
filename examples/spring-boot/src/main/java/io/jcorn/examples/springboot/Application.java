package io.jcorn.examples.springboot;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts Spring. */
@SpringBootApplication(proxyBeanMethods = false)
public class Application {

    /** Returns when the server is started. */
    public static void main(String[] arguments) {
        SpringApplication.run(Application.class, arguments);
    }
}
