import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;

final class Jetty12Server {
    public static void main(String[] args) throws Exception {
        Server server = new Server(Answers.port());
        server.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                String body = Answers.any(request.getHttpURI().getPath(), request.getHttpURI().getQuery());
                Content.Sink.write(response, true, body, callback);
                return true;
            }
        });
        server.start();
    }
}
