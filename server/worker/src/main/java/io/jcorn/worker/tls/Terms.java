package io.jcorn.worker.tls;

import io.jcorn.wire.TlsCipher;
import io.jcorn.wire.TlsOptions;
import io.jcorn.wire.TlsOptions.TlsVersion;
import io.jcorn.wire.tls.Credentials;
import io.jcorn.wire.tls.CredentialsException;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLException;

/**
 * On what terms the next client is met: certificates, versions, suites. A change makes new ones; who was met on the old
 * ones stays on them.
 */
final class Terms {

    private static final List<String> SUITES_OF_1_3 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    private final Credentials credentials;
    private final SslContext context;
    private final TicketKeys tickets;

    private Terms(Credentials credentials, SslContext context, TicketKeys tickets) {
        this.credentials = credentials;
        this.context = context;
        this.tickets = tickets;
    }

    /**
     * Reads all files and makes terms of them.
     *
     * @param alpn what may be spoken, by its names in ALPN, the preferred one first
     * @throws CredentialsException if certificates or keys cannot be used
     * @throws IOException if the provider refuses them, or the secret of the tickets cannot be read
     */
    static Terms read(TlsOptions options, List<String> alpn, SslProvider provider)
            throws CredentialsException, IOException {
        Credentials credentials = Credentials.read(options);
        TicketKeys tickets = TicketKeys.read(options.ticketSecret(), credentials.authorities());
        return new Terms(credentials, context(options, alpn, credentials, provider), tickets);
    }

    Credentials credentials() {
        return credentials;
    }

    SslContext context() {
        return context;
    }

    /** Makes new tickets with the key of the present. */
    void renewTickets(long epochMillis) {
        // The JDK's provider makes keys of its own, which no other process knows.
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            BoringTickets.install(sessions, tickets.around(TicketKeys.period(epochMillis)));
        }
    }

    private static SslContext context(
            TlsOptions options, List<String> alpn, Credentials credentials, SslProvider provider) throws SSLException {
        return SslContextBuilder.forServer(keys(credentials, provider))
                .sslProvider(provider)
                .protocols(versions(options.least()))
                .ciphers(suites(options))
                .trustManager(credentials.authorities())
                .clientAuth(
                        switch (options.clients()) {
                            case NONE -> ClientAuth.NONE;
                            case OPTIONAL -> ClientAuth.OPTIONAL;
                            case REQUIRED -> ClientAuth.REQUIRE;
                        })
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        alpn))
                .sessionTimeout(TicketKeys.PERIOD.toSeconds())
                .build();
    }

    /** BoringSSL would otherwise take each key apart for each handshake. */
    private static KeyManagerFactory keys(Credentials credentials, SslProvider provider) {
        KeyManagerFactory keys = new IdentityFactory(new IdentityChoice(credentials.identities()));
        return provider == SslProvider.JDK ? keys : new OpenSslCachingX509KeyManagerFactory(keys);
    }

    private static List<String> versions(TlsVersion least) {
        List<String> versions = new ArrayList<>();
        for (TlsVersion version : TlsVersion.values()) {
            if (version.compareTo(least) >= 0) {
                versions.add(version.protocol());
            }
        }
        return versions;
    }

    private static List<String> suites(TlsOptions options) {
        return Stream.concat(SUITES_OF_1_3.stream(), options.ciphers().stream().map(TlsCipher::ianaName))
                .toList();
    }
}
