package io.jcorn.master.settings;

import java.util.List;

/**
 * What somebody wrote for a setting, before it is judged.
 *
 * @param origin where it was written
 * @param key the setting's name as it was written there
 * @param texts the value, split into the texts of a list where the type is one
 */
record Given(Origin origin, String key, List<String> texts) {

    Given {
        texts = List.copyOf(texts);
    }
}
