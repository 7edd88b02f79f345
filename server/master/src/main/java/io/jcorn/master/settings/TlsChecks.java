package io.jcorn.master.settings;

import io.jcorn.wire.TlsOptions.ClientCertificates;
import io.jcorn.wire.tls.Credentials;
import io.jcorn.wire.tls.CredentialsException;
import io.jcorn.wire.tls.Identity;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What must hold between the settings of TLS, and in the files that they name. */
public final class TlsChecks {

    private static final Path NO_SECRET = Path.of("");

    private final Configuration configuration;
    private final List<Problem> problems = new ArrayList<>();

    private TlsChecks(Configuration configuration) {
        this.configuration = configuration;
    }

    static List<Problem> problems(Configuration configuration) {
        TlsChecks checks = new TlsChecks(configuration);
        if (TlsSettings.on(configuration)) {
            checks.pairs();
            checks.clients();
            if (checks.problems.isEmpty()) {
                checks.files();
            }
        } else {
            checks.nothingElse();
        }
        return checks.problems;
    }

    /** A server that was meant to be encrypted and is not would be found out too late. */
    private void nothingElse() {
        for (Setting<?> setting : List.of(
                TlsSettings.KEYFILE, TlsSettings.KEYFILE_PASSWORD_FILE, TlsSettings.CA_CERTS, TlsSettings.CERT_REQS)) {
            boolean asks = setting == TlsSettings.CERT_REQS
                    ? configuration.get(TlsSettings.CERT_REQS) != ClientCertificates.NONE
                    : !configuration.written(setting).isEmpty();
            if (asks) {
                add(setting, "there is no certfile, so no TLS is spoken. Name the server's certificate: --certfile");
            }
        }
    }

    private void pairs() {
        int certificates = configuration.get(TlsSettings.CERTFILE).size();
        int keys = configuration.get(TlsSettings.KEYFILE).size();
        if (keys != 0 && keys != certificates) {
            add(
                    TlsSettings.KEYFILE,
                    "there are " + certificates + " of certfile and " + keys
                            + " of keyfile, and each certificate needs its key. Where a file holds both, name it in"
                            + " both");
        }
    }

    private void clients() {
        ClientCertificates clients = configuration.get(TlsSettings.CERT_REQS);
        boolean authorities = configuration.get(TlsSettings.CA_CERTS).isPresent();
        if (clients != ClientCertificates.NONE && !authorities) {
            add(
                    TlsSettings.CERT_REQS,
                    "whose certificates are good? Name the authorities that clients' certificates come from:"
                            + " --ca-certs");
        } else if (clients == ClientCertificates.NONE && authorities) {
            add(
                    TlsSettings.CA_CERTS,
                    "clients are not asked for certificates as long as cert-reqs is none. Set it to required or"
                            + " optional, or leave this out");
        }
    }

    private void files() {
        try {
            Credentials.read(TlsSettings.options(configuration, NO_SECRET));
        } catch (CredentialsException e) {
            add(
                    switch (e.source()) {
                        case CERTIFICATE -> TlsSettings.CERTFILE;
                        case KEY ->
                            configuration.get(TlsSettings.KEYFILE).isEmpty()
                                    ? TlsSettings.CERTFILE
                                    : TlsSettings.KEYFILE;
                        case PASSWORD -> TlsSettings.KEYFILE_PASSWORD_FILE;
                        case AUTHORITIES -> TlsSettings.CA_CERTS;
                    },
                    String.valueOf(e.getMessage()));
        }
    }

    /** Returns what the server presents itself with, one sentence each; none: it speaks no TLS. */
    public static List<String> presentation(Configuration configuration) {
        return identities(configuration)
                .map(identity -> "Certificate: " + identity.description())
                .toList();
    }

    /** Returns what is the matter with the validity of certificates, one sentence each. */
    public static List<String> warnings(Configuration configuration) {
        Instant now = Instant.now();
        return identities(configuration)
                .map(identity -> identity.warning(now))
                .filter(warning -> !warning.isEmpty())
                .toList();
    }

    private static Stream<Identity> identities(Configuration configuration) {
        if (!TlsSettings.on(configuration)) {
            return Stream.empty();
        }
        try {
            return Credentials.read(TlsSettings.options(configuration, NO_SECRET)).identities().stream();
        } catch (CredentialsException e) {
            // They were good when the configuration was read, a moment ago; who serves with them will say
            // what is wrong.
            return Stream.empty();
        }
    }

    private void add(Setting<?> setting, String message) {
        problems.add(new Problem(configuration.origin(setting), setting.key(), message));
    }
}
