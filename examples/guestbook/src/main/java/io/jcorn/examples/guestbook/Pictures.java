package io.jcorn.examples.guestbook;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;

/** The picture of an entry: {@code /pictures/7}. */
@WebServlet("/pictures/*")
public final class Pictures extends HttpServlet {

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        String path = request.getPathInfo();
        if (path == null || !path.matches("/[0-9]{1,18}")) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        Optional<Picture> picture;
        try {
            picture = Guestbook.entries(getServletContext()).picture(Long.parseLong(path.substring(1)));
        } catch (SQLException e) {
            throw new ServletException(e);
        }
        if (picture.isEmpty()) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        byte[] bytes = picture.get().bytes();
        response.setContentType(picture.get().type());
        response.setContentLength(bytes.length);
        response.setHeader("Cache-Control", "private, max-age=86400, immutable");
        response.getOutputStream().write(bytes);
    }
}
