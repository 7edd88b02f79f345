package example;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.MultipartConfig;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.IOException;

/** Takes a file; everything above 16 bytes goes to the disk. */
@WebServlet("/upload")
@MultipartConfig(fileSizeThreshold = 16)
public class Upload extends HttpServlet {

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        Part part = request.getPart("file");
        byte[] content = part.getInputStream().readAllBytes();
        response.getWriter()
                .println(part.getSubmittedFileName() + " " + content.length + " " + request.getParameter("note"));
    }
}
