import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.AbstractHandler;

final class Jetty11Server {
    public static void main(String[] args) throws Exception {
        Server server = new Server(Answers.port());
        server.setHandler(new AbstractHandler() {
            @Override
            public void handle(String target, Request base, HttpServletRequest request, HttpServletResponse response)
                    throws IOException {
                base.setHandled(true);
                response.getOutputStream().write(Answers.any(target, request.getQueryString()).getBytes());
            }
        });
        server.start();
    }
}
