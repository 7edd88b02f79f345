package io.jcorn.master.posix;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;

/**
 * posix_spawn(3): the JVM cannot fork (the child would have one thread and everybody's locks), and ProcessBuilder closes
 * inherited descriptors and puts SIGCHLD back to its default.
 *
 * <p>The child would inherit much by default: some thirty descriptors that the JVM opens without close-on-exec (every jar,
 * /dev/random), a blocked SIGQUIT as in all JVM threads, and whatever was ignored when the master started. All of it is cut
 * off here.
 */
final class Spawner {
    private static final int FIRST_TARGET = 3;
    private static final int O_RDONLY = 0;
    private static final int O_CLOEXEC = 0x80000;
    private static final int F_DUPFD_CLOEXEC = 1030;
    /** Above every target: no child gets that many descriptors. */
    private static final int OUT_OF_THE_WAY = 100;

    private static final int SETPGROUP = 0x02;
    private static final int SETSIGDEF = 0x04;
    private static final int SETSIGMASK = 0x08;

    // At least the sizes of glibc (80, 336, 128) and musl (80, 336, 128).
    private static final int ACTIONS_SIZE = 256;
    private static final int ATTRIBUTES_SIZE = 512;
    private static final int SIGNAL_SET_SIZE = 128;
    /** Of the kernel, which are the first bits of the set. */
    private static final int SIGNALS = 64;

    private static final byte[] DEV_NULL = NativeText.terminated("/dev/null");

    private final LibC libc;
    private final EnvironmentBytes inherited =
            new EnvironmentBytes(Path.of("/proc/self/environ"), NativeText.charset());

    /** The end to read from of a pipe to which nobody writes, or -1. The other end stays open as long as this process lives. */
    private int silence = -1;

    Spawner(LibC libc) {
        this.libc = libc;
    }

    int spawn(SpawnSpec spec) throws PosixException {
        List<Integer> moved = new ArrayList<>();
        Pointer actions = memory(ACTIONS_SIZE);
        Pointer attributes = memory(ATTRIBUTES_SIZE);
        check(libc.posix_spawn_file_actions_init(actions), "posix_spawn_file_actions_init");
        check(libc.posix_spawnattr_init(attributes), "posix_spawnattr_init");
        try {
            describeFiles(actions, spec, moved);
            describeAttributes(attributes);
            return start(spec, actions, attributes);
        } finally {
            moved.forEach(libc::close);
            libc.posix_spawn_file_actions_destroy(actions);
            libc.posix_spawnattr_destroy(attributes);
            Reference.reachabilityFence(actions);
            Reference.reachabilityFence(attributes);
        }
    }

    private int start(SpawnSpec spec, Pointer actions, Pointer attributes) throws PosixException {
        List<String> arguments = new ArrayList<>();
        arguments.add(spec.title());
        arguments.addAll(spec.arguments());
        Pointer argv =
                NativeText.table(arguments.stream().map(NativeText::terminated).toList());
        Pointer environment = NativeText.table(inherited.encode(spec.environment()));
        // The child changes its directory before it looks for the executable.
        Path executable = spec.executable().toAbsolutePath();
        int[] pid = new int[1];
        try {
            int error =
                    libc.posix_spawn(pid, NativeText.terminated(executable), actions, attributes, argv, environment);
            check(error, "posix_spawn(" + executable + ")");
        } finally {
            Reference.reachabilityFence(argv);
            Reference.reachabilityFence(environment);
        }
        return pid[0];
    }

    private void describeFiles(Pointer actions, SpawnSpec spec, List<Integer> moved) throws PosixException {
        if (spec.input()) {
            check(libc.posix_spawn_file_actions_adddup2(actions, silence(), 0), "adddup2(0)");
        } else {
            check(libc.posix_spawn_file_actions_addopen(actions, 0, DEV_NULL, O_RDONLY, 0), "addopen(/dev/null)");
        }
        int target = FIRST_TARGET;
        int firstFree = FIRST_TARGET + spec.descriptors().size();
        for (int source : spec.descriptors()) {
            // A source among the targets could be overwritten by an earlier dup2, so it moves up first. That also
            // clears close-on-exec for a source that is its own target, which C libraries before 2019 left set.
            int safe = source < firstFree ? duplicateUpwards(source, moved) : source;
            check(libc.posix_spawn_file_actions_adddup2(actions, safe, target), "adddup2(" + safe + ")");
            target++;
        }
        closeFrom(actions, firstFree);
        if (spec.directory().isPresent()) {
            Path directory = spec.directory().get();
            check(libc.posix_spawn_file_actions_addchdir_np(actions, NativeText.terminated(directory)), "addchdir");
        }
    }

    private int silence() throws PosixException {
        if (silence < 0) {
            int[] ends = new int[2];
            if (libc.pipe2(ends, O_CLOEXEC) != 0) {
                throw new PosixException("pipe2", LibC.errno());
            }
            silence = ends[0];
        }
        return silence;
    }

    private int duplicateUpwards(int source, List<Integer> moved) throws PosixException {
        int copy = libc.fcntl(source, F_DUPFD_CLOEXEC, OUT_OF_THE_WAY);
        if (copy < 0) {
            throw new PosixException("fcntl(" + source + ", F_DUPFD_CLOEXEC)", LibC.errno());
        }
        moved.add(copy);
        return copy;
    }

    private void closeFrom(Pointer actions, int lowest) throws PosixException {
        try {
            check(libc.posix_spawn_file_actions_addclosefrom_np(actions, lowest), "addclosefrom_np");
        } catch (UnsatisfiedLinkError e) {
            closeOneByOne(actions, lowest);
        }
    }

    // glibc before 2.34, musl. What another thread opens between this listing and the spawn leaks; the master's other
    // threads open nothing then. Closing a descriptor that is gone meanwhile is no error of a file action.
    void closeOneByOne(Pointer actions, int lowest) throws PosixException {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path entry : open) {
                int descriptor = Integer.parseInt(entry.getFileName().toString());
                if (descriptor >= lowest) {
                    check(libc.posix_spawn_file_actions_addclose(actions, descriptor), "addclose(" + descriptor + ")");
                }
            }
        } catch (PosixException e) {
            throw e;
        } catch (IOException e) {
            throw new PosixException("opendir(/proc/self/fd)", Errno.ENOENT);
        }
    }

    private void describeAttributes(Pointer attributes) throws PosixException {
        Pointer signals = memory(SIGNAL_SET_SIZE);
        try {
            // Not sigfillset: it leaves out the signals that the C library keeps for its threads (32 and 33 in
            // glibc), and the child would start with these ignored. KILL and STOP are passed over by the C library.
            signals.setMemory(0, SIGNALS / 8, (byte) 0xff);
            check(libc.posix_spawnattr_setsigdefault(attributes, signals), "posix_spawnattr_setsigdefault");
            signals.setMemory(0, SIGNALS / 8, (byte) 0);
            check(libc.posix_spawnattr_setsigmask(attributes, signals), "posix_spawnattr_setsigmask");
        } finally {
            Reference.reachabilityFence(signals);
        }
        check(libc.posix_spawnattr_setpgroup(attributes, 0), "posix_spawnattr_setpgroup");
        short flags = SETPGROUP | SETSIGDEF | SETSIGMASK;
        check(libc.posix_spawnattr_setflags(attributes, flags), "posix_spawnattr_setflags");
    }

    private static Pointer memory(int size) {
        return Memory.allocateDirect(LibC.runtime(), size, true);
    }

    // This family returns its error instead of setting errno.
    private static void check(int error, String call) throws PosixException {
        if (error != 0) {
            throw new PosixException(call, error);
        }
    }
}
