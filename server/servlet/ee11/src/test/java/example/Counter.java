package example;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.Serializable;

/** Counts the requests of a session, in an object of the application's own that it changes without saying so. */
@WebServlet("/counter")
public class Counter extends HttpServlet {

    /** A number that can be changed. */
    static final class Count implements Serializable {
        private int value;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String act = request.getParameter("act");
        HttpSession session = request.getSession(act == null);
        if (session == null) {
            response.getWriter().println("none");
            return;
        }
        switch (String.valueOf(act)) {
            case "end" -> session.invalidate();
            case "renew" -> request.changeSessionId();
            case "bad" -> session.setAttribute("thread", Thread.currentThread());
            case "look" -> {
                // Reads only.
            }
            default -> count(session).value++;
        }
        response.getWriter().println("end".equals(act) ? "ended" : "count=" + count(session).value);
    }

    private static Count count(HttpSession session) {
        Count count = (Count) session.getAttribute("count");
        if (count == null) {
            count = new Count();
            session.setAttribute("count", count);
        }
        return count;
    }
}
