package io.jcorn.worker.tls;

import io.jcorn.wire.tls.Identity;
import io.jcorn.wire.tls.Identity.Fit;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Which of the server's certificates a client sees (SNI, RFC 6066 §3): one that has the name it asks for, else one whose
 * wildcard fits, else the first. Where several fit equally well, RSA beside EC, the client's own abilities decide.
 *
 * <p>Both providers ask a key manager, so there is one set of rules and one context, where a context per name would have
 * to be chosen by parsing the client's greeting a second time.
 */
@SuppressWarnings("NullAway") // The interface is the JDK's: null means that there is none.
final class IdentityChoice extends X509ExtendedKeyManager {

    private final List<Identity> identities;

    IdentityChoice(List<Identity> identities) {
        this.identities = identities;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        int choice = choice(algorithm(keyType), requestedHost(engine.getHandshakeSession()));
        return choice < 0 ? null : Integer.toString(choice);
    }

    /** Returns the index of the identity for a client that can verify such keys; -1: another kind of key has to do. */
    int choice(String algorithm, String host) {
        Fit best = identities.stream()
                .map(identity -> identity.fit(host))
                .reduce(Fit.NONE, (one, other) -> one.compareTo(other) >= 0 ? one : other);
        if (best == Fit.NONE) {
            return firstOf(algorithm);
        }
        for (int i = 0; i < identities.size(); i++) {
            if (identities.get(i).fit(host) == best && has(i, algorithm)) {
                return i;
            }
        }
        return -1;
    }

    /** The first certificate is what strangers see; others of its names are tried for clients that cannot verify it. */
    private int firstOf(String algorithm) {
        for (int i = 0; i < identities.size(); i++) {
            boolean twin = identities.get(i).names().equals(identities.get(0).names());
            if (twin && has(i, algorithm)) {
                return i;
            }
        }
        return -1;
    }

    private boolean has(int index, String algorithm) {
        return identities.get(index).key().getAlgorithm().equals(algorithm);
    }

    /** The providers' names of key types say more than the key's algorithm: EC_EC, EC_RSA, RSASSA-PSS. */
    private static String algorithm(String keyType) {
        return keyType.startsWith("EC") ? "EC" : keyType.startsWith("RSA") ? "RSA" : keyType;
    }

    private static String requestedHost(@Nullable SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName();
                }
            }
        }
        return "";
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return identities.get(Integer.parseInt(alias)).chain().toArray(new X509Certificate[0]);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return identities.get(Integer.parseInt(alias)).key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return Arrays.stream(new int[] {firstOf(algorithm(keyType))})
                .filter(index -> index >= 0)
                .mapToObj(Objects::toString)
                .toArray(String[]::new);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        int choice = firstOf(algorithm(keyType));
        return choice < 0 ? null : Integer.toString(choice);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
