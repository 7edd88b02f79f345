package io.jcorn.examples.guestbook;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.MultipartConfig;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;

/** Takes the form. */
@WebServlet("/entries")
@MultipartConfig(
        maxFileSize = Write.MOST_BYTES,
        maxRequestSize = 2 * Write.MOST_BYTES,
        fileSizeThreshold = Write.MOST_BYTES)
public final class Write extends HttpServlet {

    static final int MOST_BYTES = 1 << 20;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        String type = request.getContentType();
        if (type == null || !type.startsWith("multipart/form-data")) {
            response.sendError(HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE);
            return;
        }
        Form form;
        try {
            form = Form.of(request.getParameter("name"), request.getParameter("text"), picture(request));
        } catch (IllegalStateException tooLarge) {
            form = Form.empty("").complain("The picture is larger than " + MOST_BYTES + " bytes.");
        }
        if (!form.complaints().isEmpty()) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            Page.show(form, request, response);
            return;
        }
        try {
            Guestbook.entries(getServletContext()).add(form);
        } catch (SQLException e) {
            throw new ServletException(e);
        }
        request.getSession().setAttribute("name", form.name());
        Live.tell("new");
        response.sendRedirect(request.getContextPath() + "/");
    }

    private static byte[] picture(HttpServletRequest request) throws ServletException, IOException {
        Part part = request.getPart("picture");
        if (part == null) {
            return new byte[0];
        }
        try (InputStream in = part.getInputStream()) {
            return in.readAllBytes();
        }
    }
}
