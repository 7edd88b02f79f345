package example;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Answers when the test lets it: on its own thread, or asynchronously. */
@WebServlet(urlPatterns = "/later", asyncSupported = true)
public class Later extends HttpServlet {

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getParameter("async") == null) {
            Signals.reached();
            Signals.await();
            response.getWriter().println("later");
            return;
        }
        AsyncContext context = request.startAsync();
        context.setTimeout(0);
        new Thread(() -> complete(context)).start();
    }

    private static void complete(AsyncContext context) {
        Signals.reached();
        Signals.await();
        try {
            context.getResponse().getWriter().println("later, asynchronously");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        context.complete();
    }
}
