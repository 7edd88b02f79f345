package io.jcorn.worker.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What files look like from outside: where they lie on the disk, how large, when written. Links are followed: who renews a
 * certificate often exchanges a link (certbot), or one in the middle of the path (Kubernetes).
 *
 * @param stamps one for each file, in order
 */
record FileStamps(List<String> stamps) {

    static FileStamps of(List<Path> files) {
        List<String> stamps = new ArrayList<>();
        for (Path file : files) {
            try {
                BasicFileAttributes seen = Files.readAttributes(file, BasicFileAttributes.class);
                stamps.add(Objects.toString(seen.fileKey()) + " " + seen.size() + " " + seen.lastModifiedTime());
            } catch (IOException e) {
                stamps.add("none: " + e);
            }
        }
        return new FileStamps(List.copyOf(stamps));
    }
}
