package io.jcorn.master.listen;

import io.jcorn.master.posix.Errno;
import io.jcorn.master.posix.PosixException;
import io.jcorn.master.posix.SocketName;
import io.jcorn.master.posix.Users;
import io.jcorn.master.settings.BindAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Why an address cannot be had and what helps. Every cause has its own words; none of them is tried again. */
final class Explanation {
    private final PortHolder holders;
    private final Path proc;
    private final int pid;

    Explanation(PortHolder holders, Path proc, int pid) {
        this.holders = holders;
        this.proc = proc;
        this.pid = pid;
    }

    BindException tcp(BindAddress requested, SocketName.Inet name, PosixException e) {
        String start = cannot(requested, name);
        return switch (e.errno()) {
            case EADDRINUSE -> inUse(start + "the address is in use (EADDRINUSE).\n", name, holders.find(name), e);
            case EACCES, EPERM -> new BindException(start + forbiddenPort(name), e);
            case EADDRNOTAVAIL -> new BindException(start + notAvailable(name), e);
            case EAFNOSUPPORT ->
                new BindException(
                        start + "this machine has no " + (name.v6() ? "IPv6" : "IPv4") + " (EAFNOSUPPORT).", e);
            default -> other(start, e);
        };
    }

    private static String notAvailable(SocketName.Inet name) {
        List<String> ours = Hosts.ofThisMachine();
        if (ours.contains(Hosts.text(name.address()))) {
            // RFC 4862, 5.4: it is tentative until nobody else has claimed it.
            return "the address cannot be used yet (EADDRNOTAVAIL).\n  This machine has it, and a new IPv6 address is first"
                    + " checked for being the only one: try again in some seconds.";
        }
        return "this machine does not have that address (EADDRNOTAVAIL).\n  It has: " + String.join(", ", ours)
                + "\n  Listen on one of these, or on all of them: :" + name.port();
    }

    BindException unix(BindAddress requested, SocketName name, PosixException e) {
        String start = cannot(requested, name);
        return switch (e.errno()) {
            case EADDRINUSE -> inUse(start + "it is in use (EADDRINUSE).\n", name, holders.find(name), e);
            case EACCES, EPERM, EROFS ->
                name instanceof SocketName.Local local
                        ? new BindException(start + forbiddenFolder(local, e), e)
                        : other(start, e);
            default -> other(start, e);
        };
    }

    BindException alive(BindAddress requested, SocketName name, OptionalInt peer) {
        PortHolder.Finding finding = holders.find(name);
        if (finding.holders().isEmpty() && peer.isPresent()) {
            finding = holders.process(peer.getAsInt());
        }
        return inUse(cannot(requested, name) + "a server is listening there.\n", name, finding, null);
    }

    private BindException inUse(
            String start, SocketName name, PortHolder.Finding finding, @Nullable PosixException cause) {
        // No process, though we would see it: it went away between the refusal and the look, or is about to.
        boolean visible = !finding.known()
                || finding.sight() == Sight.ALL
                || finding.user().orElse(-1) == currentUser();
        boolean passing = finding.holders().isEmpty()
                ? visible && !finding.closing()
                : finding.holders().stream().allMatch(holder -> holder.role() == Holder.Role.ORPHAN);
        return new BindException(start + HolderText.of(finding, name, pid, currentUser()), cause, passing);
    }

    /** There is a socket, but whether a server lives behind it cannot be found out by connecting. */
    BindException unknown(BindAddress requested, SocketName.Local name, PosixException refusal) {
        if (holders.find(name).known()) {
            return alive(requested, name, OptionalInt.empty());
        }
        return new BindException(
                cannot(requested, name)
                        + "another program's socket is there, and whether it is in use cannot be asked ("
                        + refusal.errno() + ").\n" + folderLine(Path.of(name.path()))
                        + "  If nothing uses it, remove it as its owner or as root: rm " + name.path(),
                refusal);
    }

    static BindException twice(BindAddress requested, SocketName name, Listener present) {
        String start = cannot(requested, name);
        if (name.toString().equals(present.address())) {
            return new BindException(start + "the same address is configured twice (" + present.requested()
                    + " is it too).\n  Remove one of the two.");
        }
        return new BindException(start + "it overlaps with " + present.requested() + " (" + present.address()
                + "), on which this jcorn listens already.\n"
                + "  Remove one of the two. If a reload is to replace one by the other: only a restart can do that.");
    }

    static BindException noFolder(BindAddress requested, Path folder) {
        return new BindException("Cannot listen on " + requested + ": the folder " + folder + " does not exist.\n"
                + "  Create it (mkdir -p " + folder + "), or let systemd do so: RuntimeDirectory= in the unit.");
    }

    static BindException notASocket(BindAddress requested, Path path) {
        String kind = Files.isDirectory(path) ? "a directory" : "a file that is no socket";
        return new BindException("Cannot listen on " + requested + ": " + path + " exists and is " + kind + ".\n"
                + "  It is not jcorn's to delete. Choose another path, or move it away.");
    }

    static BindException cannotRemove(BindAddress requested, Path path, IOException e) {
        return new BindException(
                "Cannot listen on " + requested + ": the stale socket of a former server at " + path
                        + " cannot be removed (" + e.getClass().getSimpleName() + ").\n" + folderLine(path)
                        + "  Remove it as its owner or as root: rm " + path,
                e);
    }

    static BindException noMode(BindAddress requested, Path path, IOException e) {
        return new BindException(
                "Cannot listen on " + requested + ": its mode cannot be set, for the file was removed or replaced"
                        + " meanwhile (" + e.getClass().getSimpleName() + ").\n" + folderLine(path)
                        + "  Perhaps another server starts on the same path.",
                e);
    }

    static BindException notListening(BindAddress requested) {
        return new BindException(
                "Cannot listen on " + requested + ": that descriptor is not a listening stream socket.\n"
                        + "  A systemd socket unit passes one with ListenStream= and Accept=no.");
    }

    static BindException notInherited(BindAddress requested, PosixException e) {
        String why = switch (e.errno()) {
            case EBADF -> "jcorn was started without such a descriptor.";
            case ENOTSOCK -> "that descriptor is not a socket.";
            default -> e.getMessage() + ".";
        };
        return new BindException(
                "Cannot listen on " + requested + ": " + why
                        + "\n  Whoever starts jcorn must open the listening socket and pass it on, as a systemd socket unit does.",
                e);
    }

    private static BindException other(String start, PosixException e) {
        String cure = e.errno() == Errno.EMFILE
                ? "\n  Raise the limit of open files: ulimit -n, or LimitNOFILE= in the unit."
                : "";
        return new BindException(start + e.getMessage() + "." + cure, e);
    }

    /** {@code Cannot listen on localhost:80 (127.0.0.1:80): } */
    private static String cannot(BindAddress requested, SocketName name) {
        String bound = requested.toString().equals(name.toString()) ? "" : " (" + name + ")";
        return "Cannot listen on " + requested + bound + ": ";
    }

    private String forbiddenPort(SocketName.Inet name) {
        int first = firstUnprivilegedPort();
        if (name.port() >= first) {
            return "permission denied (EACCES).\n  The port needs no privilege (those from " + first
                    + " are free for all), so a security module forbids it: SELinux, AppArmor, seccomp or a firewall of the container.";
        }
        return """
                permission denied (EACCES): ports below %d are for privileged processes.
                  As a systemd service: AmbientCapabilities=CAP_NET_BIND_SERVICE, or a socket unit (LISTEN_FDS).
                  By hand: setpriv --reuid USER --init-groups --inh-caps +net_bind_service --ambient-caps +net_bind_service jcorn …
                  For the whole machine: sysctl net.ipv4.ip_unprivileged_port_start=%d
                  (setcap on the java binary would give the right to every Java program.)""".formatted(first, name.port());
    }

    private int firstUnprivilegedPort() {
        try {
            Path setting = proc.resolve("sys/net/ipv4/ip_unprivileged_port_start");
            // Not Files.readString: it asks for one byte first, and files of /proc/sys answer only one read.
            return Integer.parseInt(Files.readAllLines(setting).get(0).trim());
        } catch (IOException | RuntimeException e) {
            return 1024;
        }
    }

    private static String forbiddenFolder(SocketName.Local name, PosixException e) {
        Path path = Path.of(name.path());
        String why = e.errno() == Errno.EROFS
                ? "the file system is read-only (EROFS)"
                : "permission denied (" + e.errno() + ")";
        return why + ".\n" + folderLine(path) + "  Choose a folder that user "
                + Users.name(currentUser()).orElse(Integer.toString(currentUser()))
                + " may write to, for example one of systemd's RuntimeDirectory=.";
    }

    private static int currentUser() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            return -1;
        }
    }

    private static String folderLine(Path path) {
        Path folder = path.resolveSibling("");
        try {
            PosixFileAttributes of = Files.readAttributes(folder, PosixFileAttributes.class);
            return "  The folder " + folder + " belongs to "
                    + of.owner().getName() + ", mode " + PosixFilePermissions.toString(of.permissions())
                    + ".\n";
        } catch (IOException e) {
            return "";
        }
    }
}
