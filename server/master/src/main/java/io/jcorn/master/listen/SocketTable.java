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

/** The kernel's lists of sockets: /proc/net/tcp, tcp6 and unix, see proc(5). */
final class SocketTable {
    private static final int LISTEN = 0x0A;
    private static final int TIME_WAIT = 0x06;
    /** __SO_ACCEPTCON in the flags of /proc/net/unix. */
    private static final long ACCEPTING = 0x10000;

    private final Path proc;

    SocketTable(Path proc) {
        this.proc = proc;
    }

    /**
     * A socket.
     *
     * @param uid of the user who opened it; -1 where the list does not say
     */
    record Entry(long inode, int uid, boolean listening) {}

    /** Returns the sockets that stand in the way of a bind: those that listen, or else those that connect from there. */
    List<Entry> holding(SocketName name) {
        List<Entry> all = new ArrayList<>();
        if (name instanceof SocketName.Inet inet) {
            all.addAll(inet("net/tcp", inet));
            all.addAll(inet("net/tcp6", inet));
        } else {
            all.addAll(unix(name));
        }
        List<Entry> listening = all.stream().filter(Entry::listening).toList();
        return listening.isEmpty() ? all : listening;
    }

    private List<Entry> inet(String file, SocketName.Inet wanted) {
        List<Entry> entries = new ArrayList<>();
        for (String line : lines(file)) {
            String[] fields = line.trim().split("\\s+", -1);
            int state = Integer.parseInt(fields[3], 16);
            if (state != TIME_WAIT && wanted.overlaps(address(fields[1]))) {
                entries.add(new Entry(Long.parseLong(fields[9]), Integer.parseInt(fields[7]), state == LISTEN));
            }
        }
        return entries;
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
                entries.add(new Entry(Long.parseLong(fields[6]), -1, listening));
            }
        }
        return entries;
    }

    /** Returns the lines of a list without its heading; none if it is not there (no IPv6) or not ours to read. */
    private List<String> lines(String file) {
        try {
            // Paths may be any bytes, and only ASCII matters for the rest.
            String text = Files.readString(proc.resolve(file), StandardCharsets.ISO_8859_1);
            return text.lines().skip(1).filter(line -> !line.isBlank()).toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
