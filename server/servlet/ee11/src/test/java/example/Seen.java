package example;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Says whether the application sees a class or a resource, and whether it is its own. */
@WebServlet("/seen")
public class Seen extends HttpServlet {

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ClassLoader own = Seen.class.getClassLoader();
        String type = request.getParameter("class");
        if (type == null) {
            response.getWriter().println(own.getResource(request.getParameter("resource")) != null ? "seen" : "hidden");
            return;
        }
        try {
            Class<?> found = Class.forName(type, false, own);
            response.getWriter().println(found.getClassLoader() == own ? "own" : "server's");
        } catch (ClassNotFoundException e) {
            response.getWriter().println("hidden");
        }
    }
}
