package example;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Says what a request looks like to an application. */
@WebServlet("/echo/*")
public class Echo extends HttpServlet {

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int body = request.getInputStream().readAllBytes().length;
        response.setContentType("text/plain");
        response.getWriter()
                .printf(
                        "method=%s context=%s path=%s remote=%s scheme=%s server=%s body=%d uri=%s local=%s thread=%s%n",
                        request.getMethod(),
                        request.getContextPath(),
                        request.getPathInfo(),
                        request.getRemoteAddr(),
                        request.getScheme(),
                        request.getServerName(),
                        body,
                        request.getRequestURI(),
                        request.getLocalAddr() + ',' + request.getLocalName() + ',' + request.getRemoteHost(),
                        Thread.currentThread());
    }
}
