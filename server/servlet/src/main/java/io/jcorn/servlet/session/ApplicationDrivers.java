package io.jcorn.servlet.session;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Connections to a database with the driver that the application, or its class path, brings. {@code DriverManager} would look in the
 * server's class path only.
 */
final class ApplicationDrivers implements DataSource {

    private final String url;
    private volatile @Nullable Driver driver;

    ApplicationDrivers(String url) {
        this.url = url;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = driver().connect(url, new Properties());
        if (connection == null) {
            throw new SQLException("The driver does not take the URL " + shown());
        }
        return connection;
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("User and password stand in the URL");
    }

    private Driver driver() throws SQLException {
        Driver known = driver;
        if (known == null) {
            known = find();
            driver = known;
        }
        return known;
    }

    private Driver find() throws SQLException {
        ClassLoader application = Thread.currentThread().getContextClassLoader();
        for (Driver each : ServiceLoader.load(Driver.class, application)) {
            if (each.acceptsURL(url)) {
                return each;
            }
        }
        throw new SQLException("No JDBC driver takes the URL " + shown()
                + ": put its jar into the application's WEB-INF/lib, or name it as a class path entry");
    }

    /** The URL without what may be a password. */
    private String shown() {
        return url.replaceFirst("[?;].*", "").replaceFirst("//[^/@]*@", "//");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {
        // Nothing is logged.
    }

    @Override
    public void setLoginTimeout(int seconds) {
        // What the URL says counts.
    }

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("Wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
