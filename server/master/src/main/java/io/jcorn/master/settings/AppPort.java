package io.jcorn.master.settings;

import java.util.Optional;

/**
 * A port that the application binds although jcorn holds another one in its place.
 *
 * @param port the application's, from 1
 * @param held the one of {@code bind}, from 1; empty: the first TCP address of {@code bind}
 */
public record AppPort(int port, Optional<Integer> held) {

    @Override
    public String toString() {
        return port + held.map(other -> "=" + other).orElse("");
    }
}
