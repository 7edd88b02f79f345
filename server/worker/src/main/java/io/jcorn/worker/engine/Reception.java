package io.jcorn.worker.engine;

import io.netty.channel.ChannelOption;

/** Brings an accepted connection to the protocol that its client speaks. Confined to the event loop. */
final class Reception {

    private final Engine engine;

    Reception(Engine engine) {
        this.engine = engine;
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
        Connection connection = new Connection(engine, arrival);
        Inlet inlet = new Inlet(engine, connection);
        if (engine.settings().http2().cleartext()) {
            arrival.channel().pipeline().addLast(new Preface(engine, arrival, connection, inlet));
        }
        arrival.channel().pipeline().addLast(inlet);
        return connection;
    }
}
