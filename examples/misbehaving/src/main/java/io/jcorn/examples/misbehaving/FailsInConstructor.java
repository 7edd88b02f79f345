package io.jcorn.examples.misbehaving;

/**
 * Loads, but its constructor throws.
 *
 * <p>What jcorn does: as with {@link FailsToLoad}, but the master exits with 3, because the application was there and did
 * not start.
 */
public final class FailsInConstructor extends Misbehaving {

    /** Always throws. */
    public FailsInConstructor() {
        throw new IllegalStateException("database.url is not set");
    }
}
