package io.jcorn.worker.files;

import io.jcorn.worker.files.Mount.Found;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A file that is served, as it was when it was looked at.
 *
 * @param path where it is, without symbolic links
 * @param size in bytes
 * @param modifiedNanos when it was changed last, since 1970
 */
record Resource(Path path, long size, long modifiedNanos) implements Found {

    Resource(Path path, BasicFileAttributes attributes) {
        this(path, attributes.size(), attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS));
    }

    /** Returns the variant of this file that was compressed beforehand, or null if there is none. */
    @Nullable
    Resource compressed(Coding coding) {
        Path variant = path.resolveSibling(path.getFileName() + coding.suffix());
        BasicFileAttributes attributes = Mount.attributes(variant);
        return attributes != null && attributes.isRegularFile() ? new Resource(variant, attributes) : null;
    }

    /**
     * Returns what tells this state of the file from any other: a strong validator, as good as the file system's clock. The inode
     * is left out, since several machines that serve the same files should agree.
     */
    String tag() {
        return '"' + Long.toHexString(modifiedNanos) + '-' + Long.toHexString(size) + '"';
    }

    /** Returns when it was changed last, in seconds since 1970, as HTTP knows it. */
    long modifiedSeconds() {
        return TimeUnit.NANOSECONDS.toSeconds(modifiedNanos);
    }

    /**
     * Opens it.
     *
     * @throws IOException if it is not what it was when it was looked at
     */
    FileChannel open() throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        if (file.size() != size) {
            file.close();
            throw new IOException(path + " is being changed");
        }
        return file;
    }
}
