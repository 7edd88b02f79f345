package io.jcorn.servlet.http;

import java.util.Collection;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.util.URIUtil;

/** The URI as the client wrote it, with paths to map that have no empty segments. */
record CompactUri(HttpURI uri, String canonicalPath, String decodedPath) implements HttpURI {

    static CompactUri of(HttpURI uri) {
        return new CompactUri(
                uri, URIUtil.compactPath(uri.getCanonicalPath()), URIUtil.compactPath(uri.getDecodedPath()));
    }

    @Override
    public String getCanonicalPath() {
        return canonicalPath;
    }

    @Override
    public String getDecodedPath() {
        return decodedPath;
    }

    @Override
    public HttpURI.Immutable asImmutable() {
        return uri.asImmutable();
    }

    @Override
    public String asString() {
        return uri.asString();
    }

    @Override
    public String getAuthority() {
        return uri.getAuthority();
    }

    @Override
    public String getFragment() {
        return uri.getFragment();
    }

    @Override
    public String getHost() {
        return uri.getHost();
    }

    @Override
    public String getParam() {
        return uri.getParam();
    }

    @Override
    public String getPath() {
        return uri.getPath();
    }

    @Override
    public String getPathQuery() {
        return uri.getPathQuery();
    }

    @Override
    public int getPort() {
        return uri.getPort();
    }

    @Override
    public String getQuery() {
        return uri.getQuery();
    }

    @Override
    public String getScheme() {
        return uri.getScheme();
    }

    @Override
    public String getUser() {
        return uri.getUser();
    }

    @Override
    public boolean hasAuthority() {
        return uri.hasAuthority();
    }

    @Override
    public boolean isAbsolute() {
        return uri.isAbsolute();
    }

    @Override
    public boolean isAmbiguous() {
        return uri.isAmbiguous();
    }

    @Override
    public boolean hasViolations() {
        return uri.hasViolations();
    }

    @Override
    public boolean hasViolation(UriCompliance.Violation violation) {
        return uri.hasViolation(violation);
    }

    @Override
    public Collection<UriCompliance.Violation> getViolations() {
        return uri.getViolations();
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
