package io.jcorn.wire;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which files the engine serves, and how.
 *
 * @param mounts what is served without the application
 * @param cacheControl what {@code Cache-Control} says of them; empty: nothing
 * @param sendfile whether files are sent by the kernel where that is possible
 */
public record FileOptions(List<Mount> mounts, Optional<String> cacheControl, boolean sendfile) {

    public FileOptions {
        mounts = List.copyOf(mounts);
    }

    /**
     * A folder that is served.
     *
     * @param prefix the path under which its files are found: {@code /}, or {@code /assets}
     * @param folder the folder
     */
    public record Mount(String prefix, Path folder) {

        /** Returns it as {@code PREFIX=FOLDER}. */
        @Override
        public String toString() {
            return prefix + "=" + folder;
        }

        /**
         * Reads {@code PREFIX=FOLDER}.
         *
         * @throws IllegalArgumentException if it is not of this form
         */
        static Mount parse(String text) {
            int equals = text.indexOf('=');
            if (equals < 1 || equals == text.length() - 1) {
                throw new IllegalArgumentException("--static=" + text + " is not PREFIX=FOLDER");
            }
            return new Mount(text.substring(0, equals), Path.of(text.substring(equals + 1)));
        }
    }

    void put(ProgramArguments arguments) {
        mounts.forEach(mount -> arguments.put("static", mount));
        cacheControl.ifPresent(value -> arguments.put("static-cache-control", value));
        arguments.put("sendfile", sendfile);
    }

    static FileOptions from(ProgramArguments arguments) {
        return new FileOptions(
                arguments.any("static").stream().map(Mount::parse).toList(),
                arguments.any("static-cache-control").stream().findFirst(),
                Boolean.parseBoolean(arguments.one("sendfile")));
    }
}
