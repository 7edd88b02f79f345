package io.jcorn.examples.guestbook;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.h2.api.ErrorCode;
import org.h2.jdbcx.JdbcConnectionPool;

/**
 * All entries, in a database in one file.
 *
 * <p>Several processes may open the same file ({@code AUTO_SERVER}): the first one has it and serves the others; when it
 * ends, another one takes over, which takes some seconds when it was killed. What was written is on the disk by then ({@code
 * WRITE_DELAY=0}).
 */
final class Entries implements AutoCloseable {

    private static final int OPEN_SECONDS = 20;

    /** What others meet while one process opens the file or takes it over. All of it passes. */
    private static final Set<Integer> PASSES = Set.of(
            ErrorCode.DATABASE_ALREADY_OPEN_1, ErrorCode.ERROR_OPENING_DATABASE_1, ErrorCode.CONNECTION_BROKEN_1);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'");
    private static final String TABLE = """
            CREATE TABLE IF NOT EXISTS entries (
              id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
              written TIMESTAMP WITH TIME ZONE NOT NULL,
              name VARCHAR NOT NULL,
              text VARCHAR NOT NULL,
              picture BLOB)
            """;

    private final JdbcConnectionPool connections;

    private Entries(JdbcConnectionPool connections) {
        this.connections = connections;
    }

    static Entries open(Path file) throws SQLException {
        if (file.toString().contains(";")) {
            throw new IllegalArgumentException("the name of the database has a semicolon in it: " + file);
        }
        // The process that has the file talks to others on this machine only. H2 reads this once, when it is loaded.
        System.getProperties().putIfAbsent("h2.bindAddress", "127.0.0.1");
        Entries entries = new Entries(
                JdbcConnectionPool.create("jdbc:h2:file:" + file + ";AUTO_SERVER=TRUE;WRITE_DELAY=0", "guestbook", ""));
        try (Connection connection = entries.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(TABLE);
            return entries;
        } catch (SQLException e) {
            entries.close();
            throw e;
        }
    }

    private Connection connect() throws SQLException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(OPEN_SECONDS);
        while (true) {
            try {
                return connections.getConnection();
            } catch (SQLException e) {
                if (!PASSES.contains(e.getErrorCode()) || System.nanoTime() > until) {
                    throw e;
                }
                pause(e);
            }
        }
    }

    private static void pause(SQLException reason) throws SQLException {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw reason;
        }
    }

    void add(Form form) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO entries (written, name, text, picture) VALUES (?, ?, ?, ?)")) {
            insert.setObject(1, Instant.now().atOffset(ZoneOffset.UTC));
            insert.setString(2, form.name());
            insert.setString(3, form.text());
            insert.setBytes(4, form.picture().map(Picture::bytes).orElse(null));
            insert.executeUpdate();
        }
    }

    /** The newest entries, the newest first. */
    List<Entry> newest(int most) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT id, name, text, written, picture IS NOT NULL FROM entries ORDER BY id DESC LIMIT ?")) {
            select.setInt(1, most);
            List<Entry> entries = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String time = TIME.format(row.getObject(4, OffsetDateTime.class));
                    entries.add(new Entry(row.getLong(1), row.getString(2), row.getString(3), time, row.getBoolean(5)));
                }
            }
            return entries;
        }
    }

    /** The picture of an entry, if it has one. */
    Optional<Picture> picture(long id) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT picture FROM entries WHERE id = ? AND picture IS NOT NULL")) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Picture.of(row.getBytes(1)) : Optional.empty();
            }
        }
    }

    /** Lets the file go. */
    @Override
    public void close() {
        connections.dispose();
    }
}
