package example;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Throws, at once or in the middle of a response, or refuses in its own words. */
@WebServlet("/fails")
public class Fails extends HttpServlet {

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getParameter("refuse") != null) {
            response.sendError(HttpServletResponse.SC_CONFLICT, "there is one already");
            return;
        }
        if (request.getParameter("late") != null) {
            response.getWriter().print("begun");
            response.flushBuffer();
        }
        throw new IllegalStateException("the password is swordfish");
    }
}
