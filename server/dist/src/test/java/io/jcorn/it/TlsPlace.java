package io.jcorn.it;

import io.jcorn.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** An authority, the certificates that it has signed as files, and clients that trust it. */
final class TlsPlace {

    static {
        // By itself the JDK's client takes an end without close_notify for an end.
        System.setProperty("com.sun.net.ssl.requireCloseNotify", "true");
    }

    final TestCertificate authority =
            TestCertificate.of("Authority").authority().make();
    private final Path folder;
    private SSLContext context = context(null);

    TlsPlace(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder.resolve("tls"));
    }

    /** Makes a certificate for localhost and one more name, and writes its files. */
    TestCertificate issue(String file, String name) throws IOException {
        TestCertificate certificate = TestCertificate.of(name)
                .names(name, "localhost", "127.0.0.1")
                .by(authority)
                .make();
        replace(file + ".pem", certificate.pem());
        replace(file + ".key", certificate.keyPem());
        return certificate;
    }

    /** As who renews certificates does it: nobody sees half a file. */
    Path replace(String name, String text) throws IOException {
        Path whole = Files.writeString(folder.resolve(name + ".new"), text);
        return Files.move(whole, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    String file(String name) {
        return folder.resolve(name).toString();
    }

    /** The beginning of a command line that serves these certificates. */
    List<String> options(String... files) {
        List<String> options = new ArrayList<>();
        for (String file : files) {
            options.addAll(List.of("--certfile", file(file + ".pem"), "--keyfile", file(file + ".key")));
        }
        return options;
    }

    /** Clients show this from now on, and know nothing of before. */
    TlsPlace shows(@Nullable TestCertificate own) {
        context = context(own);
        return this;
    }

    SSLContext context() {
        return context;
    }

    SSLSocket connect(int port) throws IOException {
        return connect(port, "localhost");
    }

    SSLSocket connect(int port, String host, String... versions) throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        plain.setSoTimeout(30_000);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
        if (versions.length > 0) {
            socket.setEnabledProtocols(versions);
        }
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(host)));
        socket.setSSLParameters(parameters);
        try {
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Asks on a connection of its own and returns all of the answer, up to the end that the server announces. */
    String ask(int port, String path) throws IOException {
        try (SSLSocket socket = connect(port)) {
            return ask(socket, path);
        }
    }

    static String ask(SSLSocket socket, String path) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        if (!answer.startsWith("HTTP/1.1 200 ")) {
            throw new IOException("not the answer that was wanted: " + answer);
        }
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    /** Returns whose certificate a client sees that asks for a name. */
    String subject(int port, String host) throws IOException {
        try (SSLSocket socket = shows(null).connect(port, host)) {
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
        }
    }

    private SSLContext context(@Nullable TestCertificate own) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("authority", authority.certificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            if (own != null) {
                store.setKeyEntry("own", own.key(), new char[0], new Certificate[] {own.certificate()});
            }
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, new char[0]);
            SSLContext made = SSLContext.getInstance("TLS");
            made.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return made;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
