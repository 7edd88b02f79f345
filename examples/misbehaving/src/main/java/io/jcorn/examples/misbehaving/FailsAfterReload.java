package io.jcorn.examples.misbehaving;

/**
 * Starts in the first generation and in no other.
 *
 * <p>What jcorn does: a reload fails, is undone and says why; the first generation serves on.
 */
public final class FailsAfterReload extends Misbehaving {

    /** Throws when jcorn was reloaded. */
    public FailsAfterReload() {
        String generation = System.getenv().getOrDefault("JCORN_GENERATION", "1");
        if (!generation.equals("1")) {
            throw new IllegalStateException("the new configuration lacks database.url");
        }
    }
}
