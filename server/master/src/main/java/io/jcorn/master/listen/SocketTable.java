package io.jcorn.master.listen;

import io.jcorn.master.posix.SocketName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The kernel's lists of sockets: /proc/net/tcp, tcp6 and unix, see proc(5). */
final class SocketTable {
    /** The timer of TIME-WAIT, and of a FIN-WAIT-2 that no process holds any more. */
    private static final String CLOSING_TIMER = "03";

    /** USER_HZ, the unit of times in /proc, is 100 on every architecture that has a JVM. */
    private static final long MILLIS_PER_TICK = 10;

    /** __SO_ACCEPTCON in the flags of /proc/net/unix. */
    private static final long ACCEPTING = 0x10000;

    private final Path proc;

    SocketTable(Path proc) {
        this.proc = proc;
    }

    /**
     * A socket.
     *
     * @param inode 0: no process holds it any more, the kernel finishes its connection
     * @param uid of the user who opened it; -1 where the list does not say
     * @param remote the other end of its connection; empty: it has none
     * @param millisLeft when the kernel gives it up, from now; 0: unknown
     */
    record Entry(long inode, int uid, TcpState state, String remote, long millisLeft) {
        boolean listening() {
            return state == TcpState.LISTEN;
        }

        boolean held() {
            return inode != 0;
        }
    }

    /** Whether the lists can be read at all. */
    boolean readable(SocketName name) {
        String file = name instanceof SocketName.Inet ? "net/tcp" : "net/unix";
        return list(file).isPresent();
    }

    /**
     * Returns the sockets that stand in the way of a bind: those that listen, or else the ends of connections that processes
     * hold, or else those of closed connections.
     */
    List<Entry> holding(SocketName name) {
        List<Entry> all = new ArrayList<>();
        if (name instanceof SocketName.Inet inet) {
            all.addAll(inet("net/tcp", inet));
            all.addAll(inet("net/tcp6", inet));
        } else {
            all.addAll(unix(name));
        }
        List<Entry> listening = all.stream().filter(Entry::listening).toList();
        List<Entry> held = all.stream().filter(Entry::held).toList();
        return !listening.isEmpty() ? listening : !held.isEmpty() ? held : all;
    }

    private List<Entry> inet(String file, SocketName.Inet wanted) {
        List<Entry> entries = new ArrayList<>();
        for (String line : lines(file)) {
            String[] fields = line.trim().split("\\s+", -1);
            if (wanted.overlaps(address(fields[1]))) {
                entries.add(entry(fields));
            }
        }
        return entries;
    }

    private static Entry entry(String[] fields) {
        TcpState state = TcpState.of(Integer.parseInt(fields[3], 16));
        String timer = fields[5];
        long left = timer.startsWith(CLOSING_TIMER + ":")
                ? Long.parseLong(timer.substring(CLOSING_TIMER.length() + 1), 16) * MILLIS_PER_TICK
                : 0;
        String remote = state == TcpState.LISTEN ? "" : address(fields[2]).toString();
        return new Entry(Long.parseLong(fields[9]), (int) Long.parseLong(fields[7]), state, remote, left);
    }

    // 0100007F:1F90 is 127.0.0.1:8080: words of 32 bits in the byte order of the machine, the port as a plain number.
    private static SocketName.Inet address(String field) {
        int colon = field.indexOf(':');
        ByteBuffer bytes = ByteBuffer.allocate(colon / 2).order(ByteOrder.nativeOrder());
        for (int i = 0; i < colon; i += 8) {
            bytes.putInt(Integer.parseUnsignedInt(field, i, i + 8, 16));
        }
        try {
            InetAddress address = InetAddress.getByAddress(bytes.array());
            return new SocketName.Inet(address, Integer.parseInt(field, colon + 1, field.length(), 16));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(field + " has 4 or 16 bytes", e);
        }
    }

    // Num RefCount Protocol Flags Type St Inode Path; the path may hold blanks, abstract names begin with @.
    private List<Entry> unix(SocketName name) {
        String wanted = name.toString().substring("unix:".length());
        List<Entry> entries = new ArrayList<>();
        for (String line : lines("net/unix")) {
            String[] fields = line.trim().split("\\s+", 8);
            if (fields.length == 8 && fields[7].equals(wanted)) {
                boolean listening = (Long.parseLong(fields[3], 16) & ACCEPTING) != 0;
                TcpState state = listening ? TcpState.LISTEN : TcpState.UNKNOWN;
                entries.add(new Entry(Long.parseLong(fields[6]), -1, state, "", 0));
            }
        }
        return entries;
    }

    /** Returns the lines of a list without its heading; none if it is not there (no IPv6) or not ours to read. */
    private List<String> lines(String file) {
        return list(file).orElse(List.of());
    }

    /** /proc/net leads to /proc/self/net, and is missing where /proc is mounted with subset=pid. */
    private Optional<List<String>> list(String file) {
        Path common = proc.resolve(file);
        Path list = Files.exists(common) ? common : proc.resolve("self").resolve(file);
        try {
            // Paths may be any bytes, and only ASCII matters for the rest.
            String text = Files.readString(list, StandardCharsets.ISO_8859_1);
            return Optional.of(
                    text.lines().skip(1).filter(line -> !line.isBlank()).toList());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
