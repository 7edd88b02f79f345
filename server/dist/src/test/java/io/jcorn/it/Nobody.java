package io.jcorn.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The user without any right, as whom root can run things. */
final class Nobody {

    static final String[] COMMAND = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"};

    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    private Nobody() {}

    /** Skips the test where this cannot be done, or where nobody may not read what is tested. */
    static void assume() {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can become nobody");
        assumeTrue(Files.isExecutable(SETPRIV), "there is no setpriv");
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            assumeTrue(open(folder), folder + " is closed to others");
        }
    }

    private static boolean open(Path folder) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))
                    .endsWith("x");
        } catch (IOException e) {
            return false;
        }
    }

    /** Lets everybody write to folders, and nobody but its owner remove a file there. */
    static void open(Path... folders) throws IOException {
        for (Path folder : folders) {
            Files.setAttribute(folder, "unix:mode", 01777);
        }
    }
}
