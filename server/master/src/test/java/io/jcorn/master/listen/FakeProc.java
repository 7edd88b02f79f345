package io.jcorn.master.listen;

import io.jcorn.master.posix.SocketName;
import io.jcorn.master.settings.BindAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder that looks like /proc, as far as the holder of a port is looked for in it. */
final class FakeProc {

    /** The user id of nobody, who is not root. */
    static final int NOBODY = 65_534;

    static final String TCP =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid" + "  timeout inode\n";

    final Path path;

    FakeProc(Path path) throws IOException {
        this.path = path;
        Files.createDirectories(path.resolve("net"));
        Files.writeString(path.resolve("stat"), "cpu  1 2 3\nbtime 1700000000\n");
    }

    PortHolder.Finding find(String address) throws Exception {
        return new PortHolder(path).find(name(address));
    }

    static String text(PortHolder.Finding finding, String address) throws Exception {
        return HolderText.of(finding, name(address), 1, NOBODY);
    }

    static SocketName name(String address) throws Exception {
        BindAddress.Tcp tcp = (BindAddress.Tcp) BindAddress.parse(address);
        return new SocketName.Inet(InetAddress.getByName(tcp.host()), tcp.port());
    }

    void listening(String address, int uid, int inode) throws IOException {
        add(row(address, "00000000:0000", "0A", "00:00000000", uid, inode));
    }

    void connection(String address, String remote, String state, String timer, int inode) throws IOException {
        add(row(address, remote, state, timer, 0, inode));
    }

    void add(String row) throws IOException {
        Path list = path.resolve("net/tcp");
        Files.writeString(list, (Files.exists(list) ? Files.readString(list) : TCP) + row);
    }

    static String row(String address, String remote, String state, String timer, int uid, int inode) {
        return "   0: %s %s %s 00000000:00000000 %s 00000000  %4d        0 %d 1 0 100 0 0 10 0\n"
                .formatted(address, remote, state, timer, uid, inode);
    }

    /** Our own entry: how /proc is mounted, and what we may do. */
    void self(String option, String capabilities) throws IOException {
        Path self = Files.createDirectories(path.resolve("self"));
        Files.writeString(self.resolve("mountinfo"), """
                69 67 0:20 / /proc rw,relatime - proc proc rw
                70 67 0:21 / /sys rw,hidepid=2 - sysfs sysfs rw
                87 69 0:40 / /proc rw,relatime - proc proc rw,%s
                """.formatted(option));
        Files.writeString(self.resolve("status"), "Name:\tjava\nCapEff:\t" + capabilities + "\n");
    }

    void process(int pid, int parent, String commandLine, String environment, int inode) throws IOException {
        Path folder = Files.createDirectories(path.resolve(Integer.toString(pid)));
        Files.createDirectories(folder.resolve("fd"));
        Files.createSymbolicLink(folder.resolve("fd/0"), Path.of("pipe:[1]"));
        Files.createSymbolicLink(folder.resolve("fd/3"), Path.of("socket:[" + inode + "]"));
        Files.writeString(folder.resolve("cmdline"), commandLine.replace(' ', '\0') + "\0");
        Files.writeString(folder.resolve("environ"), environment);
        Files.writeString(folder.resolve("status"), "Name:\tx\nUid:\t0\t0\t0\t0\n");
        String zeros = "0 ".repeat(17);
        Files.writeString(folder.resolve("stat"), pid + " (a) b) S " + parent + " " + zeros + "5000 0 0\n");
    }
}
