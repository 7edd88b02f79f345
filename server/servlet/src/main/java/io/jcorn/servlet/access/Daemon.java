package io.jcorn.servlet.access;

import io.jcorn.wire.access.AccessFormatter;
import io.jcorn.wire.access.AccessSource;
import io.jcorn.wire.access.LineBuffer;
import io.jcorn.wire.syslog.Syslog;
import io.jcorn.wire.syslog.Syslog.Origin;
import io.jcorn.wire.syslog.Syslog.Severity;
import java.util.concurrent.locks.ReentrantLock;

/** Makes lines for a syslog daemon, with a formatter of its own: the file's belongs to whoever writes that. */
final class Daemon {

    /** What is kept of the room that a long line took, in bytes. */
    private static final int ROOM = 4096;

    private final ReentrantLock lock = new ReentrantLock();
    private final LineBuffer line = new LineBuffer(512);
    private final Syslog syslog;
    private final AccessFormatter formatter;

    Daemon(Syslog syslog, AccessFormatter formatter) {
        this.syslog = syslog;
        this.formatter = formatter;
    }

    void send(AccessSource request) {
        lock.lock();
        try {
            line.clear(ROOM);
            formatter.append(line, request);
            syslog.offer(Origin.ACCESS, Severity.INFO, line.array(), 0, line.length() - 1);
        } finally {
            lock.unlock();
        }
    }

    void close() {
        syslog.close();
    }
}
