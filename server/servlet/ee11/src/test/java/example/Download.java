package example;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Sends more than the kernel takes for a client that reads nothing. */
@WebServlet("/download")
public class Download extends HttpServlet {

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] piece = new byte[64 << 10];
        for (int i = 0; i < 256; i++) {
            response.getOutputStream().write(piece);
        }
    }
}
