package io.jcorn.worker.engine;

import io.jcorn.wire.forwarded.Forwarding;
import io.jcorn.wire.forwarded.Origin;
import io.jcorn.worker.access.Visit;
import io.jcorn.worker.http.Refused;
import io.jcorn.worker.http.RequestHead;
import io.jcorn.worker.proxy.Introduction;
import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a connection before its first request. Written on the event loop before that request is handed out, read
 * from any thread afterwards.
 */
final class Arrival {

    /** Netty knows no address of the clients of a Unix socket. */
    private static final SocketAddress NAMELESS = new DomainSocketAddress("");

    private final Channel channel;
    private final Forwarding forwarding;
    private InetSocketAddress remote;
    private InetSocketAddress local;
    private boolean trusted;
    private Origin origin;
    private Medium medium = PlainMedium.INSTANCE;
    private @Nullable SSLSession session;

    /** Confined to the event loop, as all below. */
    private @Nullable Peer peer;

    private int requests;

    Arrival(Channel channel, Forwarding forwarding) {
        this.channel = channel;
        this.forwarding = forwarding;
        remote = internet(channel.remoteAddress());
        local = internet(channel.localAddress());
        trusted = forwarding.trusted().trusts(peer());
        origin = new Origin(remote, "http", null);
    }

    private static InetSocketAddress internet(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress internet ? internet : Visit.NAMELESS;
    }

    /**
     * A proxy has said for whom it has connected. Of somebody whom it cannot name nothing is believed; the proxy itself, which
     * connects to see whether all is well, is who it was.
     */
    void introduce(Introduction introduction) {
        InetSocketAddress client = introduction.client();
        InetSocketAddress destination = introduction.destination();
        if (!introduction.ofProxy()) {
            trusted = client != null && forwarding.trusted().trusts(client);
        }
        remote = client == null ? remote : client;
        local = destination == null ? local : destination;
        origin = new Origin(remote, introduction.secure() ? "https" : "http", null);
    }

    Channel channel() {
        return channel;
    }

    /** Returns who is at the other end of the socket; of a Unix socket's clients no more than that they are there. */
    @Nullable
    SocketAddress peer() {
        return channel instanceof DomainSocketChannel ? NAMELESS : channel.remoteAddress();
    }

    /** Returns the client's address; for a Unix socket the loopback address with port 0. */
    InetSocketAddress remoteAddress() {
        return remote;
    }

    /** Returns the address that the client connected to; for a Unix socket the loopback address with port 0. */
    InetSocketAddress localAddress() {
        return local;
    }

    /** Whether the client is a proxy whose word about its own clients is believed. */
    boolean trusted() {
        return trusted;
    }

    /** Returns the client of a request: who a trusted proxy says it is, or who is at the other end. */
    InetSocketAddress client(RequestHead head) {
        InetSocketAddress client = trusted ? origin(head).client() : null;
        return client == null ? remote : client;
    }

    /** Returns a client as the log of refusals names it: {@code /192.0.2.7 via /127.0.0.1:4711} if a proxy came in its name. */
    @SuppressWarnings("ReferenceEquality") // An equal one has an address.
    String named(InetSocketAddress client) {
        SocketAddress peer = channel.remoteAddress();
        String socket = peer instanceof InetSocketAddress ? peer.toString() : "the Unix socket";
        if (client == Visit.NAMELESS || client.equals(peer)) {
            return socket;
        }
        // Port 0 is one that the proxy did not tell.
        return (client.getPort() == 0 ? client.getAddress() : client) + " via " + socket;
    }

    /** Returns where a request on this connection comes from; client and scheme are never null. */
    Origin origin(RequestHead head) {
        if (!trusted || head.count(forwarding.names()) == 0) {
            return origin;
        }
        Origin said = forwarding.origin(head::all);
        if (said.silent()) {
            return origin;
        }
        return new Origin(
                said.client() == null ? remote : said.client(),
                said.scheme() == null ? origin.scheme() : said.scheme(),
                said.authority());
    }

    /** Refuses a request of a trusted proxy of which nobody can know whether its client came by http or https. */
    void refuseContradictory(RequestHead head) throws Refused {
        if (trusted && head.count(forwarding.schemeNames()) > 1 && forwarding.contradictory(head::all)) {
            throw new Refused(400, "the headers that tell the scheme contradict each other");
        }
    }

    /** The TLS handshake is complete. */
    void secured(SSLSession session, Medium medium) {
        this.session = session;
        this.medium = medium;
        origin = new Origin(remote, "https", null);
    }

    /** Whether nobody on the way can read or change what is sent. */
    boolean secure() {
        return session != null;
    }

    /** Returns what the TLS handshake agreed upon, with the client's certificates; null: there was none. */
    @Nullable
    SSLSession session() {
        return session;
    }

    Medium medium() {
        return medium;
    }

    // ---- what the table of connections keeps of it; event loop only

    /** Returns what serves the connection at the moment. */
    Peer server() {
        return Objects.requireNonNull(peer, "a connection that nothing serves");
    }

    void servedBy(Peer peer) {
        this.peer = peer;
    }

    void requestBegan() {
        requests++;
    }

    /** Returns whether this was the end of a request that is still counted. */
    boolean requestEnded() {
        boolean counted = requests > 0;
        requests -= counted ? 1 : 0;
        return counted;
    }

    /** The connection is closed. Returns how many of its requests nobody has ended; the table forgets them. */
    int disownRequests() {
        int left = requests;
        requests = 0;
        return left;
    }
}
