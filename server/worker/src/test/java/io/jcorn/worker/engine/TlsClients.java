package io.jcorn.worker.engine;

import io.jcorn.testing.TestCertificate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Makes TLS connections that trust one authority, with the JDK's client, which here insists on close_notify: see the pom. */
final class TlsClients {

    private final TestCertificate authority;
    private SSLContext context;
    private String[] versions = {"TLSv1.3", "TLSv1.2"};
    private String @Nullable [] suites;

    TlsClients(TestCertificate authority) {
        this.authority = authority;
        this.context = context(null);
    }

    TlsClients versions(String... versions) {
        this.versions = versions;
        return this;
    }

    TlsClients suites(String... suites) {
        this.suites = suites;
        return this;
    }

    /** From now on with this certificate, and without the sessions of before. */
    TlsClients shows(@Nullable TestCertificate certificate) {
        context = context(certificate);
        return this;
    }

    /** What another client of the JDK needs to trust the same authority. */
    SSLContext context() {
        return context;
    }

    Client connect(InetSocketAddress address) throws IOException {
        SSLSocket socket = socket(address);
        try {
            socket.startHandshake();
            return new Client(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    SSLSocket socket(InetSocketAddress address) throws IOException {
        Socket plain = new OfOneHost();
        plain.connect(address);
        return over(plain);
    }

    SSLSocket over(Socket plain) throws IOException {
        plain.setSoTimeout(10_000);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "a.example", 443, true);
        socket.setEnabledProtocols(versions);
        if (suites != null) {
            socket.setEnabledCipherSuites(suites);
        }
        return socket;
    }

    /** Makes a request, and returns when the session of its connection began: a resumed one keeps that time. */
    long sessionCreated(InetSocketAddress address) throws IOException, InterruptedException {
        // A session that began in the same millisecond could be another one.
        long start = System.currentTimeMillis();
        while (System.currentTimeMillis() == start) {
            Thread.onSpinWait();
        }
        try (Client client = connect(address)) {
            client.get("/").response();
            return ((SSLSocket) client.socket).getSession().getCreationTime();
        }
    }

    /** The client keeps sessions by host and port: here all servers are the same one, as the workers of a port are. */
    private static final class OfOneHost extends Socket {
        @Override
        public int getPort() {
            return 443;
        }
    }

    private SSLContext context(@Nullable TestCertificate own) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("authority", authority.certificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own == null ? new KeyManager[0] : keys(own), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyManager[] keys(TestCertificate own) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", own.key(), new char[0], new Certificate[] {own.certificate()});
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        return keys.getKeyManagers();
    }
}
