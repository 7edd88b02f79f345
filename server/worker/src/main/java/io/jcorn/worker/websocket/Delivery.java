package io.jcorn.worker.websocket;

import java.nio.ByteBuffer;

/** One invocation of the application's listener. */
sealed interface Delivery {

    /** Returns what it holds in memory, in bytes. */
    default int bytes() {
        return 0;
    }

    /** Whether it waits until the listener has asked for it. */
    default boolean demanded() {
        return true;
    }

    /** Whether it is the last: nothing follows it. */
    default boolean terminal() {
        return false;
    }

    /** The conversation has begun. */
    record Open() implements Delivery {
        @Override
        public boolean demanded() {
            return false;
        }
    }

    /** A part of a text message. */
    record Text(String part, boolean last) implements Delivery {
        @Override
        public int bytes() {
            return 2 * part.length();
        }
    }

    /** A part of a binary message. */
    record Binary(ByteBuffer part, boolean last) implements Delivery {
        @Override
        public int bytes() {
            return part.capacity();
        }
    }

    /** A ping, which is answered already. */
    record Ping(ByteBuffer payload) implements Delivery {
        @Override
        public int bytes() {
            return payload.capacity();
        }
    }

    /** A pong, asked for or not. */
    record Pong(ByteBuffer payload) implements Delivery {
        @Override
        public int bytes() {
            return payload.capacity();
        }
    }

    /** The client closes, or is gone (1006). */
    record Close(int status, String reason) implements Delivery {
        @Override
        public boolean terminal() {
            return true;
        }
    }

    /** Something cannot go on. */
    record Failure(Throwable cause) implements Delivery {
        @Override
        public boolean demanded() {
            return false;
        }

        @Override
        public boolean terminal() {
            return true;
        }
    }
}
