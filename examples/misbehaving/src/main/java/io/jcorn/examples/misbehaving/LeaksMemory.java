package io.jcorn.examples.misbehaving;

import com.sun.net.httpserver.HttpExchange;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps memory until there is none left. Try it with {@code --java-opt -Xmx64m}.
 *
 * <p>What jcorn does: the JVM ends when it runs out of memory, the master says that this was the reason and replaces the
 * worker. The other workers are other processes and never notice.
 */
public final class LeaksMemory extends Misbehaving {

    private static final int MEBIBYTE = 1 << 20;

    private final List<byte[]> kept = new ArrayList<>();

    @Override
    void misbehave(HttpExchange exchange) {
        while (true) {
            keep(new byte[MEBIBYTE]);
        }
    }

    private synchronized void keep(byte[] block) {
        kept.add(block);
    }
}
