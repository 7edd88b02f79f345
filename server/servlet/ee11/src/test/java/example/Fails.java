package example;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Throws, or refuses in its own words. */
@WebServlet("/fails")
public class Fails extends HttpServlet {

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getParameter("refuse") != null) {
            response.sendError(HttpServletResponse.SC_CONFLICT, "there is one already");
            return;
        }
        throw new IllegalStateException("the password is swordfish");
    }
}
