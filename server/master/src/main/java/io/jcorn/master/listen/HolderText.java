package io.jcorn.master.listen;

import io.jcorn.master.listen.Holder.Role;
import io.jcorn.master.posix.SocketName;
import io.jcorn.master.posix.Users;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Says who holds an address and what stops him. Every line is indented by two. */
final class HolderText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss Z");

    private HolderText() {}

    /**
     * Returns the text.
     *
     * @param self our own pid
     * @param user our own user id
     */
    static String of(PortHolder.Finding finding, SocketName name, int self, int user) {
        if (finding.holders().isEmpty()) {
            return nobodySeen(finding, name, user);
        }
        if (finding.holders().stream().anyMatch(holder -> holder.pid() == self)) {
            return "  Held by this jcorn itself (pid " + self + "): another of its settings names the same address.";
        }
        // A server that forks holds its socket in every child: the one above them is the one to stop.
        Set<Integer> all = finding.holders().stream().map(Holder::pid).collect(Collectors.toSet());
        List<Holder> leaders = finding.holders().stream()
                .filter(holder -> !all.contains(holder.parent()))
                .toList();
        List<Holder> shown = leaders.isEmpty() ? finding.holders() : leaders;
        String lines = shown.stream().map(HolderText::line).collect(Collectors.joining("\n"));
        int others = finding.holders().size() - shown.size();
        String more = others == 0 ? "" : "\n    and " + others + (others == 1 ? " child" : " children") + " of it";
        String connection = finding.connected() ? "\n" + connection(finding, name) : "";
        return lines + more + connection + "\n" + cure(shown);
    }

    private static String line(Holder holder) {
        String role = switch (holder.role()) {
            case MASTER -> ", a jcorn master";
            case WORKER -> ", a jcorn worker of master " + holder.parent();
            case ORPHAN -> ", a jcorn worker whose master is gone";
            case STRANGER -> "";
        };
        return "  Held by pid %d%s, user %s, since %s: %s"
                .formatted(
                        holder.pid(),
                        role,
                        holder.user(),
                        TIME.format(holder.since().atZone(ZoneId.systemDefault())),
                        holder.commandLine());
    }

    private static String cure(List<Holder> shown) {
        Optional<String> unit =
                shown.stream().flatMap(holder -> holder.unit().stream()).findFirst();
        if (unit.isPresent()) {
            // Its manager would start it again after a kill.
            return "  To stop it: systemctl stop " + unit.get();
        }
        String pids = shown.stream()
                .map(holder -> holder.role() == Role.WORKER ? holder.parent() : holder.pid())
                .distinct()
                .map(String::valueOf)
                .collect(Collectors.joining(" "));
        return "  To stop it: kill -TERM " + pids;
    }

    /** No process can be named. Only what is known is said: that one has it, whose it is, or why it cannot be seen. */
    private static String nobodySeen(PortHolder.Finding finding, SocketName name, int self) {
        if (finding.closing()) {
            return closing(finding, name);
        }
        if (finding.peer().isPresent()) {
            return "  Held by pid " + finding.peer().getAsInt()
                    + ", which cannot be looked at from here. This shows what it is: sudo ps -fp "
                    + finding.peer().getAsInt();
        }
        if (!finding.known()) {
            return unlisted(finding, name);
        }
        String user = finding.user().isPresent()
                ? "  Held by a process of user " + userName(finding.user().getAsInt()) + ".\n"
                : "";
        String connection = finding.connected() ? connection(finding, name) + "\n" : "";
        // Whoever has our own user id would have been seen.
        boolean ours = finding.user().orElse(-1) == self;
        return user + connection + (ours ? elsewhere(name) : unseen(finding, name, self));
    }

    private static String userName(int uid) {
        return Users.name(uid).orElse(Integer.toString(uid));
    }

    private static String unseen(PortHolder.Finding finding, SocketName name, int self) {
        String look = " This shows who it is: sudo " + ss(finding, name);
        // Root in a container has not all of root's rights.
        String who = self == 0 ? "Without the capability CAP_SYS_PTRACE" : "Without root";
        return switch (finding.sight()) {
            case HIDDEN ->
                "  The processes of other users are hidden from jcorn (/proc is mounted with hidepid)." + look;
            case FORBIDDEN -> "  " + who + ", jcorn cannot look into the processes of other users." + look;
            case ALL, NO_SOCKETS -> elsewhere(name);
        };
    }

    private static String elsewhere(SocketName name) {
        String shared = name instanceof SocketName.Inet ? "network" : "folder";
        return "  No process that is visible from here holds it: it may be in another container that shares this "
                + shared + ", or in the kernel.";
    }

    /** The kernel says that the address is in use, and has no socket to show. */
    private static String unlisted(PortHolder.Finding finding, SocketName name) {
        if (!(name instanceof SocketName.Inet)) {
            return "  The kernel lists no such socket here: it belongs to another container that shares this folder, or was"
                    + " bound under another name.";
        }
        String look = " This shows who it is: sudo " + ss(finding, name);
        return finding.sight() == Sight.NO_SOCKETS
                ? "  jcorn cannot read the kernel's list of sockets (/proc/net/tcp)." + look
                : "  The kernel lists no socket there. Either the port has become free meanwhile: try again. Or a process has"
                        + " bound it without listening, which only a newer ss shows: sudo ss -tanp --bound-inactive"
                        + port(name);
    }

    private static String ss(PortHolder.Finding finding, SocketName name) {
        if (!(name instanceof SocketName.Inet)) {
            return "ss -lxp";
        }
        return (finding.connected() ? "ss -tanp" : "ss -ltnp") + port(name);
    }

    private static String port(SocketName name) {
        return name instanceof SocketName.Inet inet ? " 'sport = :" + inet.port() + "'" : "";
    }

    /** All processes have closed it; TCP keeps the port until stray segments of the connection cannot come any more. */
    private static String closing(PortHolder.Finding finding, SocketName name) {
        SocketTable.Entry last = finding.sockets().stream()
                .max(Comparator.comparingLong(SocketTable.Entry::millisLeft))
                .orElseThrow();
        String when = last.millisLeft() > 0
                ? "in " + (last.millisLeft() + 999) / 1000 + " s"
                : "when the other side has answered, or after some minutes";
        return "  No process holds it any more: the kernel is closing " + ends(finding)
                + ", and frees the port by itself " + when + "." + (finding.handedOut() ? "\n" + handedOut(name) : "");
    }

    private static String connection(PortHolder.Finding finding, SocketName name) {
        return finding.handedOut()
                ? "  Nobody listens there: it is the near end of an outgoing connection, " + ends(finding) + ".\n"
                        + handedOut(name)
                : "  Nobody listens there: it is the near end of " + ends(finding)
                        + ", made from this port or left by a former server.";
    }

    private static String handedOut(SocketName name) {
        String port = name instanceof SocketName.Inet inet ? Integer.toString(inet.port()) : name.toString();
        return "  The kernel hands such ports out to outgoing connections (net.ipv4.ip_local_port_range): choose one outside"
                + " that range,\n  or reserve it: sysctl net.ipv4.ip_local_reserved_ports=" + port;
    }

    private static String ends(PortHolder.Finding finding) {
        SocketTable.Entry one = finding.sockets().get(0);
        int others = finding.sockets().size() - 1;
        return "the connection with " + one.remote() + " (" + one.state() + ")"
                + (others == 0 ? "" : " and " + others + (others == 1 ? " other" : " others"));
    }
}
