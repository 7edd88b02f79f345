package io.jcorn.master.posix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Asks the kernel about one Unix socket, as {@code ss -x} does: unix(7) has no TCP_INFO and /proc/net/unix no queue length.
 * See sock_diag(7).
 */
final class SocketDiagnosis {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int NETLINK_SOCK_DIAG = 4;
    private static final short SOCK_DIAG_BY_FAMILY = 20;
    private static final short NLM_F_REQUEST = 1;
    private static final int UDIAG_SHOW_RQLEN = 0x10;
    private static final short UNIX_DIAG_RQLEN = 4;
    private static final int HEADER = 16;
    private static final int REQUEST = HEADER + 24;
    private static final int ANSWER = HEADER + 16;

    private final LibC libc;

    SocketDiagnosis(LibC libc) {
        this.libc = libc;
    }

    /** Returns how many connections wait to be accepted; -1: the kernel does not say. */
    int acceptQueue(int descriptor) {
        int netlink = libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
        if (netlink < 0) {
            return -1;
        }
        try {
            byte[] request = request(inode(descriptor));
            byte[] answer = new byte[4096];
            if (libc.send(netlink, request, request.length, 0) < 0) {
                return -1;
            }
            // The answer to a request for one socket is there when send returns.
            long length = libc.recv(netlink, answer, answer.length, 0x40);
            return length < ANSWER ? -1 : queueLength(ByteBuffer.wrap(answer, 0, (int) length));
        } catch (IOException e) {
            return -1;
        } finally {
            libc.close(netlink);
        }
    }

    private static byte[] request(int inode) {
        ByteBuffer request = ByteBuffer.allocate(REQUEST).order(ByteOrder.nativeOrder());
        request.putInt(REQUEST)
                .putShort(SOCK_DIAG_BY_FAMILY)
                .putShort(NLM_F_REQUEST)
                .putInt(1)
                .putInt(0);
        request.put((byte) Sockets.AF_UNIX).put((byte) 0).putShort((short) 0);
        return request.putInt(-1)
                .putInt(inode)
                .putInt(UDIAG_SHOW_RQLEN)
                .putInt(-1)
                .putInt(-1)
                .array();
    }

    private static int queueLength(ByteBuffer answer) {
        answer.order(ByteOrder.nativeOrder());
        if (answer.getShort(4) != SOCK_DIAG_BY_FAMILY) {
            return -1;
        }
        for (int at = ANSWER; at + 12 <= answer.limit(); at += Math.max(4, (answer.getShort(at) + 3) & ~3)) {
            if (answer.getShort(at + 2) == UNIX_DIAG_RQLEN) {
                return answer.getInt(at + 4);
            }
        }
        return -1;
    }

    private static int inode(int descriptor) throws IOException {
        String link =
                Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
        return Integer.parseUnsignedInt(link.substring("socket:[".length(), link.length() - 1));
    }
}
