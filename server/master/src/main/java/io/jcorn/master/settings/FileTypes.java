package io.jcorn.master.settings;

import io.jcorn.master.settings.CompoundTypes.Separator;
import io.jcorn.wire.FileOptions.Mount;
import java.nio.file.Path;
import java.util.List;

/** The types of what is said about files. */
final class FileTypes {

    private FileTypes() {}

    /** Folders, each with the path that it is found under. */
    static SettingType<List<Mount>> mounts() {
        return new CompoundTypes.Delegating<>(CompoundTypes.list(mount(), Separator.BLANK)) {
            @Override
            public boolean keyed() {
                return true;
            }
        };
    }

    private static ScalarType<Mount> mount() {
        return new ScalarType<>("PATH=FOLDER", "PATH=FOLDER, with a path such as / or /assets") {
            @Override
            Mount parse(String text, Path base) {
                int equals = text.indexOf('=');
                if (equals < 1 || text.substring(equals + 1).isBlank()) {
                    throw refuse(text, "is not a path and a folder");
                }
                String prefix = text.substring(0, equals);
                if (!prefix.startsWith("/")) {
                    throw refuse(text, "has a path that does not begin with /");
                }
                if (prefix.length() > 1 && prefix.endsWith("/")) {
                    throw refuse(text, "has a path that ends with /");
                }
                // Only what nobody percent-encodes: the path is compared as it was sent.
                if (!prefix.equals("/") && !prefix.matches("(?:/(?!\\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)+")) {
                    throw refuse(text, "has a path with something else than letters, digits and ._~- between slashes");
                }
                return new Mount(prefix, ScalarTypes.resolve(text.substring(equals + 1), base));
            }
        };
    }

    /** What a header may say: RFC 9110, section 5.5, without what is not ASCII. */
    static ScalarType<String> headerValue() {
        return new ScalarType<>("VALUE", "the value of a header, in ASCII, such as public, max-age=3600") {
            @Override
            String parse(String text, Path base) {
                String value = text.strip();
                if (!value.matches("[ -~]+")) {
                    throw refuse(text.replaceAll("[^ -~]", "?"), "holds a character that no header has");
                }
                return value;
            }
        };
    }
}
