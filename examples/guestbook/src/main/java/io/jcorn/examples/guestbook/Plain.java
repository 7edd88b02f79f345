package io.jcorn.examples.guestbook;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The short answers. */
@WebServlet({"/hello", "/version", "/pid"})
public final class Plain extends HttpServlet {

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        text(
                response,
                switch (request.getServletPath()) {
                    case "/version" -> Guestbook.version(getServletContext());
                    case "/pid" -> Long.toString(ProcessHandle.current().pid());
                    default -> "Hello, World!\n";
                });
    }

    static void text(HttpServletResponse response, String text) throws IOException {
        response.setContentType("text/plain; charset=utf-8");
        response.getWriter().write(text);
    }
}
