package io.jcorn.agent.adopt;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The epoll registrations of one socket, as the kernel shows them in {@code /proc/self/fdinfo}, see proc(5) and epoll(7).
 *
 * <p>A registration belongs to the open file, not to its number, so dup2(2) over a registered descriptor drops it. Libraries may
 * register before they bind: Netty's epoll transport before 4.2.12 always does, and a selector of the JDK may. They would wait for
 * connections in vain, or fail with ENOENT when they change the registration. Asking the kernel finds the registrations of every
 * library, whatever its classes are called.
 */
final class EpollRegistrations {

    /** epoll(7): EPOLL_CTL_ADD. */
    private static final int ADD = 1;

    /** errno(3): the library registered the new file itself. */
    private static final int EEXIST = 17;

    private static final String LINE = "tfd:";

    /** How a registration is made. */
    @FunctionalInterface
    interface Control {
        /** Calls epoll_ctl(2) with the socket's number as data; returns 0 or an errno. */
        int epollControl(int epoll, int operation, int socket, int events);
    }

    /**
     * One registration.
     *
     * @param epoll the descriptor of the epoll instance
     * @param events its events and flags
     * @param data what the instance hands out with an event
     */
    record Registration(int epoll, int events, long data) {}

    private final int socket;
    private final List<Registration> all;

    private EpollRegistrations(int socket, List<Registration> all) {
        this.socket = socket;
        this.all = all;
    }

    /**
     * Finds the registrations of an open file under a number that is another file's by now.
     *
     * @param socket the number under which it was registered
     * @param inode the inode of the file that was registered
     */
    static EpollRegistrations of(int socket, long inode) {
        return of(new File("/proc/self/fdinfo"), socket, inode);
    }

    static EpollRegistrations of(File folder, int socket, long inode) {
        List<Registration> all = new ArrayList<>();
        String[] descriptors = folder.list();
        // Null where there is no such folder: most servers bind first, and need none of this.
        for (String descriptor : descriptors == null ? new String[0] : descriptors) {
            String text = text(new File(folder, descriptor));
            for (int at = text.indexOf(LINE); at >= 0; at = text.indexOf(LINE, at + 1)) {
                int end = text.indexOf('\n', at);
                Registration found = parse(
                        Integer.parseInt(descriptor), text.substring(at, end < 0 ? text.length() : end), socket, inode);
                if (found != null) {
                    all.add(found);
                }
            }
        }
        return new EpollRegistrations(socket, all);
    }

    /** Empty if the descriptor was closed meanwhile. */
    private static String text(File file) {
        try (FileInputStream in = new FileInputStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /** Reads one line, {@code tfd: 25 events: 19 data: 19 pos:0 ino:8a3c sdev:8}; null if it is about another file. */
    static @Nullable Registration parse(int epoll, String line, int socket, long inode) {
        String number = value(line, LINE);
        String ino = value(line, "ino:");
        if (!number.equals(Integer.toString(socket)) || !(ino.isEmpty() || ino.equals(Long.toHexString(inode)))) {
            return null;
        }
        return new Registration(
                epoll,
                Integer.parseUnsignedInt(value(line, "events:"), 16),
                Long.parseUnsignedLong(value(line, "data:"), 16));
    }

    private static String value(String line, String name) {
        int at = line.indexOf(name);
        if (at < 0) {
            return "";
        }
        int begin = at + name.length();
        while (begin < line.length() && line.charAt(begin) == ' ') {
            begin++;
        }
        int end = begin;
        while (end < line.length() && line.charAt(end) > ' ') {
            end++;
        }
        return line.substring(begin, end);
    }

    List<Registration> all() {
        return all;
    }

    /**
     * Registers the file that has the number now in the same way.
     *
     * @throws IOException if one cannot be registered, so that the application would never hear of a connection
     */
    void renew(Control control) throws IOException {
        for (Registration registration : all) {
            // The JDK can only hand out the number, which is what every library for Java does.
            if ((int) registration.data() != socket) {
                throw new IOException("epoll instance " + registration.epoll() + " knows descriptor " + socket
                        + " as 0x" + Long.toHexString(registration.data())
                        + ", so jcorn's socket cannot take its place there");
            }
            int errno = control.epollControl(registration.epoll(), ADD, socket, registration.events());
            if (errno != 0 && errno != EEXIST) {
                throw new IOException("epoll_ctl(" + registration.epoll() + ", EPOLL_CTL_ADD, " + socket
                        + ") failed with errno " + errno);
            }
        }
    }
}
