package io.jcorn.examples.guestbook;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.sql.SQLException;

/** The page: the form, and the newest entries below it. */
@WebServlet("")
public final class Page extends HttpServlet {

    private static final int ENTRIES = 50;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        HttpSession session = request.getSession();
        int visits = session.getAttribute("visits") instanceof Integer before ? before + 1 : 1;
        session.setAttribute("visits", visits);
        String name = session.getAttribute("name") instanceof String known ? known : "";
        show(Form.empty(name), request, response);
    }

    static void show(Form form, HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        try {
            request.setAttribute(
                    "entries", Guestbook.entries(request.getServletContext()).newest(ENTRIES));
        } catch (SQLException e) {
            throw new ServletException(e);
        }
        request.setAttribute("form", form);
        request.setAttribute("version", Guestbook.version(request.getServletContext()));
        request.setAttribute("pid", ProcessHandle.current().pid());
        request.getRequestDispatcher("/WEB-INF/guestbook.jsp").forward(request, response);
    }
}
