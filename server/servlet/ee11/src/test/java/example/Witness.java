package example;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Writes down each request as it got it, for the test to compare, and answers with two bytes. */
@WebServlet("/*")
public class Witness extends HttpServlet {

    /** The property of the JVM in which the test keeps a collection of texts. */
    public static final String SEEN = "example.seen";

    @Override
    @SuppressWarnings("unchecked")
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        StringBuilder seen = new StringBuilder(request.getMethod() + " " + request.getRequestURI());
        if (request.getQueryString() != null) {
            seen.append('?').append(request.getQueryString());
        }
        seen.append(' ').append(request.getProtocol().substring("HTTP/".length()));
        Map<String, Object> headers = new TreeMap<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            String key = name.toLowerCase(Locale.ROOT);
            boolean coding = key.equals("connection") || key.equals("transfer-encoding");
            headers.put(
                    key,
                    Collections.list(request.getHeaders(name)).stream()
                            .map(value -> coding ? value.toLowerCase(Locale.ROOT) : value)
                            .toList());
        }
        seen.append(' ').append(headers).append(" =").append(body);
        seen.append(" +").append(new TreeMap<>(request.getTrailerFields()));
        Collection<String> all = (Collection<String>) System.getProperties().get(SEEN);
        Objects.requireNonNull(all).add(seen.toString());
        response.setContentLength(2);
        response.getOutputStream().print("ok");
    }
}
