package io.jcorn.worker.tls;

import io.jcorn.testing.TestCertificate;
import io.jcorn.wire.Log;
import io.jcorn.wire.TlsCipher;
import io.jcorn.wire.TlsOptions;
import io.jcorn.wire.TlsOptions.CertificateFiles;
import io.jcorn.wire.TlsOptions.ClientCertificates;
import io.jcorn.wire.TlsOptions.TlsVersion;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** TLS as the tests configure it, in a folder of their own. */
public final class TestTls {

    /** Who does the sums. */
    public enum Crypto {
        BORING(SslProvider.OPENSSL_REFCNT),
        JDK(SslProvider.JDK);

        private final SslProvider netty;

        Crypto(SslProvider netty) {
            this.netty = netty;
        }
    }

    private final Path folder;
    private final List<CertificateFiles> pairs = new ArrayList<>();
    private ClientCertificates clients = ClientCertificates.NONE;
    private Optional<Path> authorities = Optional.empty();
    private List<TlsCipher> ciphers = TlsCipher.modern();
    private TlsVersion least = TlsVersion.V1_2;
    private List<String> alpn = List.of(Protocols.HTTP_1_1);

    public TestTls(Path folder) throws IOException {
        this.folder = folder;
        Files.writeString(folder.resolve("secret"), "0123456789abcdef".repeat(4) + "\n");
    }

    public TestTls certificate(String name, TestCertificate certificate) throws IOException {
        write(name, certificate);
        pairs.add(new CertificateFiles(folder.resolve(name + ".pem"), folder.resolve(name + ".key")));
        return this;
    }

    /** Writes the files of a certificate anew. */
    public void write(String name, TestCertificate certificate) throws IOException {
        Files.writeString(folder.resolve(name + ".pem"), certificate.pem());
        Files.writeString(folder.resolve(name + ".key"), certificate.keyPem());
    }

    public TestTls clients(ClientCertificates clients, TestCertificate authority) throws IOException {
        this.clients = clients;
        this.authorities = Optional.of(Files.writeString(folder.resolve("ca.pem"), authority.pem()));
        return this;
    }

    public TestTls ciphers(TlsCipher... ciphers) {
        this.ciphers = List.of(ciphers);
        return this;
    }

    public TestTls least(TlsVersion least) {
        this.least = least;
        return this;
    }

    /** What may be spoken, the preferred protocol first. */
    public TestTls alpn(String... protocols) {
        this.alpn = List.of(protocols);
        return this;
    }

    public Path folder() {
        return folder;
    }

    public TlsOptions options() {
        return new TlsOptions(pairs, Optional.empty(), clients, authorities, ciphers, least, folder.resolve("secret"));
    }

    public Tls tls(Crypto provider, Log log) throws IOException {
        return Tls.of(options(), alpn, log, true, provider.netty);
    }

    /** A worker ends with its TLS context; a test does not. */
    public static void release(Tls tls) {
        ReferenceCountUtil.release(tls.terms().context());
    }

    /** Looks at the files twice: once to see that they have changed, once to see that they rest. */
    public static void look(Tls tls, Executor loop) {
        tls.look(loop);
        tls.look(loop);
    }
}
