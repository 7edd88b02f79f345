import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.HttpServer;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.grizzly.http.server.NetworkListener;

final class GrizzlyServer {
    public static void main(String[] args) throws Exception {
        HttpServer server = new HttpServer();
        server.addListener(new NetworkListener("http", "0.0.0.0", Answers.port()));
        server.getServerConfiguration().addHttpHandler(new HttpHandler() {
            @Override
            public void service(Request request, Response response) throws Exception {
                response.getWriter().write(Answers.any(request.getRequestURI(), request.getQueryString()));
            }
        }, "/");
        server.start();
        Thread.currentThread().join();
    }
}
