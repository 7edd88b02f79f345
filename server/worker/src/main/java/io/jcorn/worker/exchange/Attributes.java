package io.jcorn.worker.exchange;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Attributes of an exchange by which server and application tell each other what the JDK's contract has no method for. An
 * application is compiled against none of this: it knows the names, and finds null on other servers.
 */
final class Attributes {

    /** What all names begin with. */
    static final String PREFIX = "jcorn.";

    /** Tells {@code http} or {@code https}: what the client used, as far as trusted proxies say. */
    static final String SCHEME = PREFIX + "scheme";

    /** Tells the host that the client asked for, perhaps with a port; null if he named none. */
    static final String HOST = PREFIX + "host";

    /** Tells {@code true}: the body can be left to {@link #FILE}. */
    static final String FILE_SUPPORT = PREFIX + "sendfile.support";

    /** Set by the application to the file that is the body: a path, a file, or a text. */
    static final String FILE = PREFIX + "sendfile.file";

    /** Set by the application to where in the file the body begins: a number; 0 if it is not set. */
    static final String FILE_START = PREFIX + "sendfile.start";

    private Attributes() {}

    /**
     * Opens the file that an application names.
     *
     * @throws IOException if it cannot be read, or is too short for the body that it is to be
     */
    static FileChannel open(Object file, long start, long length) throws IOException {
        FileChannel opened = FileChannel.open(Path.of(file.toString()), StandardOpenOption.READ);
        long size = opened.size();
        if (start < 0 || size - start < length) {
            opened.close();
            throw new IOException(file + " has " + size + " bytes, not " + length + " from " + start + " on");
        }
        return opened;
    }
}
