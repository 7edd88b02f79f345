package io.jcorn.examples.guestbook;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Answers late; a timer holds the request meanwhile, not one of the container's threads. */
@WebServlet(urlPatterns = "/slow", asyncSupported = true)
public final class Slow extends HttpServlet {

    private static final int MOST_MILLIS = 60_000;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        OptionalInt millis = millis(request.getParameter("ms"));
        if (millis.isEmpty()) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            Plain.text(response, "ms is not a number from 0 to " + MOST_MILLIS + ".\n");
            return;
        }
        AsyncContext later = request.startAsync();
        later.setTimeout(2L * MOST_MILLIS);
        Future<?> unused = timer.schedule(() -> answer(later), millis.getAsInt(), TimeUnit.MILLISECONDS);
    }

    static OptionalInt millis(@Nullable String given) {
        if (given == null || !given.matches("[0-9]{1,5}")) {
            return OptionalInt.empty();
        }
        int millis = Integer.parseInt(given);
        return millis > MOST_MILLIS ? OptionalInt.empty() : OptionalInt.of(millis);
    }

    private void answer(AsyncContext later) {
        try {
            Plain.text((HttpServletResponse) later.getResponse(), "done\n");
        } catch (IOException e) {
            log("The client did not wait.", e);
        } finally {
            later.complete();
        }
    }

    /** Called by the container when nothing is in flight any more. */
    @Override
    public void destroy() {
        timer.shutdown();
    }
}
