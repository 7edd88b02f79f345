package io.jcorn.master.settings;

import io.jcorn.wire.FileOptions.Mount;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The settings for files that are served without the application. As in {@link Settings}. */
public final class FileSettings {

    private static final List<Setting<?>> REGISTRY = new ArrayList<>();

    public static final Setting<List<Mount>> STATIC = setting("static", FileTypes.mounts())
            .without("none: every request is the application's", "/assets=public", "/=site")
            .prose("A folder whose files are served without the application.", """
                    For the worker class handler. /assets=public answers GET and HEAD of /assets/style.css with
                    public/style.css; what is no file there goes to the application. May be given several times; the longest
                    path wins. Ranges, conditions, index.html, and variants compressed beforehand (style.css.br, .zst, .gz)
                    are taken care of. Names that begin with a dot, and links that lead out of the folder, are not
                    served. The folder is not part of the application's copy: a file that is replaced is served at once.
                    """);

    public static final Setting<Optional<String>> STATIC_CACHE_CONTROL = setting(
                    "static-cache-control", CompoundTypes.optional(FileTypes.headerValue()))
            .without("none is sent: caches guess by the file's age", "public, max-age=3600")
            .prose("The Cache-Control header of files that are served without the application.", "");

    public static final Setting<Boolean> SENDFILE = setting("sendfile", ScalarTypes.truth(), "true")
            .alsoFrom("SENDFILE", "$")
            .prose("Whether the kernel sends files, without copying them through the worker.", """
                    For the worker class handler: files of static, and those that the application hands over. Where it is
                    impossible, as under TLS, they are copied anyway. Switch it off for file systems on which
                    sendfile(2) misbehaves, as some network and container file systems.
                    """);

    private FileSettings() {}

    static List<Setting<?>> all() {
        return Collections.unmodifiableList(REGISTRY);
    }

    private static <T> Setting.Block<T> setting(String key, SettingType<T> type, String... texts) {
        return new Setting.Block<>(REGISTRY, Section.FILES, key, type, texts);
    }
}
