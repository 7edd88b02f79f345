package io.jcorn.servlet.ee11;

import io.jcorn.servlet.http.Addresses;
import org.eclipse.jetty.ee11.servlet.ServletApiRequest;
import org.eclipse.jetty.ee11.servlet.ServletChannel;
import org.eclipse.jetty.ee11.servlet.ServletContextRequest;
import org.eclipse.jetty.ee11.servlet.ServletHandler;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.http.pathmap.MatchedResource;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** The context of an application, whose requests tell addresses as the specification has them: Jetty puts those of IPv6 in brackets. */
final class Ee11Context extends WebAppContext {

    Ee11Context() {
        addConfiguration(new Ee11Initializers());
    }

    @Override
    protected ServletContextRequest newServletContextRequest(
            ServletChannel channel,
            Request request,
            Response response,
            String decodedPathInContext,
            MatchedResource<ServletHandler.MappedServlet> matched) {
        return new PlainRequest(this, channel, request, response, decodedPathInContext, matched);
    }

    private static final class PlainRequest extends ServletContextRequest {

        PlainRequest(
                WebAppContext context,
                ServletChannel channel,
                Request request,
                Response response,
                String decodedPathInContext,
                MatchedResource<ServletHandler.MappedServlet> matched) {
            super(
                    context.getContext().getServletContext(),
                    channel,
                    request,
                    response,
                    decodedPathInContext,
                    matched,
                    context.getSessionHandler());
        }

        @Override
        protected ServletApiRequest newServletApiRequest() {
            return new PlainApiRequest(this);
        }
    }

    private static final class PlainApiRequest extends ServletApiRequest {

        PlainApiRequest(ServletContextRequest request) {
            super(request);
        }

        @Override
        public @Nullable String getRemoteAddr() {
            return Addresses.plain(super.getRemoteAddr());
        }

        @Override
        public @Nullable String getRemoteHost() {
            return Addresses.plain(super.getRemoteHost());
        }

        @Override
        public @Nullable String getLocalAddr() {
            return Addresses.plain(super.getLocalAddr());
        }

        @Override
        public @Nullable String getLocalName() {
            return Addresses.plain(super.getLocalName());
        }
    }
}
