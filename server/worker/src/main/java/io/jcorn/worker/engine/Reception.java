package io.jcorn.worker.engine;

import io.jcorn.worker.tls.Protocols;
import io.jcorn.worker.tls.Tls;
import io.netty.channel.ChannelOption;
import org.jspecify.annotations.Nullable;

/** Brings an accepted connection to the protocol that its client speaks. Confined to the event loop. */
final class Reception {

    private final Engine engine;
    private final @Nullable Tls tls;

    Reception(Engine engine, @Nullable Tls tls) {
        this.engine = engine;
        this.tls = tls;
    }

    /** Sets up a channel that is not registered yet, and returns what serves it first. */
    Peer receive(Arrival arrival) {
        arrival.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        if (engine.settings().proxies().expected()) {
            Preamble preamble = new Preamble(engine, this, arrival);
            arrival.channel().pipeline().addLast(preamble);
            return preamble;
        }
        return introduced(arrival);
    }

    /** Sets up a channel whose client is known, and returns what serves it next. */
    Peer introduced(Arrival arrival) {
        return tls == null ? http1(arrival) : secure(arrival, tls);
    }

    private Peer secure(Arrival arrival, Tls tls) {
        Handshake handshake = new Handshake(engine, tls, arrival);
        arrival.channel().pipeline().addLast(handshake);
        return handshake;
    }

    /**
     * Puts the last handlers of a connection into its pipeline, and returns what serves it from now on.
     *
     * @param protocol what client and server agreed upon, by its name in ALPN
     */
    Peer admit(Arrival arrival, String protocol) {
        return protocol.equals(Protocols.H2) ? Http2Peer.on(engine, arrival) : http1(arrival);
    }

    private Peer http1(Arrival arrival) {
        Connection connection = new Connection(engine, arrival);
        Inlet inlet = new Inlet(engine, connection);
        // Inside TLS the handshake has said what is spoken.
        if (!arrival.secure() && engine.settings().http2().cleartext()) {
            arrival.channel().pipeline().addLast(new Preface(engine, arrival, inlet));
        }
        arrival.channel().pipeline().addLast(inlet);
        return connection;
    }
}
