package io.jcorn.master.listen;

import io.jcorn.master.listen.Holder.Role;
import io.jcorn.master.posix.SocketName;
import io.jcorn.master.posix.Users;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Says who holds an address and what stops him. Every line is indented by two. */
final class HolderText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss Z");

    private HolderText() {}

    static String of(PortHolder.Finding finding, SocketName name, int self) {
        if (finding.holders().isEmpty()) {
            return nobodySeen(finding, name);
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
        String outgoing = finding.outgoing() ? "\n" + outgoing(name) : "";
        return lines + more + outgoing + "\n" + cure(shown);
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

    private static String nobodySeen(PortHolder.Finding finding, SocketName name) {
        String user = finding.user().isPresent()
                ? "  Held by a process of user "
                        + Users.name(finding.user().getAsInt())
                                .orElse(Integer.toString(finding.user().getAsInt())) + ".\n"
                : "";
        String outgoing = finding.outgoing() ? outgoing(name) + "\n" : "";
        String where =
                name instanceof SocketName.Inet inet ? "sudo ss -ltnp 'sport = :" + inet.port() + "'" : "sudo ss -lxp";
        return user
                + outgoing
                + (finding.someHidden()
                        ? "  Without root, jcorn cannot look into the processes of other users. This shows who it is: "
                                + where
                        : "  No process that is visible from here holds it: it may be in another container that shares this network, or in the kernel.");
    }

    private static String outgoing(SocketName name) {
        String port = name instanceof SocketName.Inet inet ? Integer.toString(inet.port()) : name.toString();
        return "  Nobody listens there: it is the near end of an outgoing connection. The kernel hands such ports out"
                + " (net.ipv4.ip_local_port_range);\n  choose one outside that range, or reserve it: sysctl"
                + " net.ipv4.ip_local_reserved_ports=" + port;
    }
}
