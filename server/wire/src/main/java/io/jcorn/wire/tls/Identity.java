package io.jcorn.wire.tls;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Who the server is to those who ask for one of its names.
 *
 * @param file where the certificate comes from
 * @param key belongs to the first certificate of the chain
 * @param chain the server's certificate, then those that lead to its authority
 * @param names for what hosts it stands, in lower case
 */
public record Identity(Path file, PrivateKey key, List<X509Certificate> chain, Set<String> names) {

    /** Before a certificate ends, people want to be told this long. */
    public static final Duration NOTICE = Duration.ofDays(14);

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    /** How well an identity fits the name that a client asks for; the better, the later. */
    public enum Fit {
        NONE,
        /** By a name that begins with {@code *.}. */
        WILDCARD,
        EXACT
    }

    static Identity of(Path file, PrivateKey key, List<X509Certificate> chain) {
        return new Identity(file, key, List.copyOf(chain), names(chain.get(0)));
    }

    /** Returns the server's own certificate. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** Returns how well it fits a host name (RFC 6125 §6.4: an asterisk stands for one label, the leftmost). */
    public Fit fit(String host) {
        String wanted = host.toLowerCase(Locale.ROOT);
        if (names.contains(wanted)) {
            return Fit.EXACT;
        }
        int dot = wanted.indexOf('.');
        return dot > 0 && names.contains("*" + wanted.substring(dot)) ? Fit.WILDCARD : Fit.NONE;
    }

    /** Returns when it ends. */
    public Instant end() {
        return certificate().getNotAfter().toInstant();
    }

    /** Says whose it is, for what names and until when. */
    public String description() {
        return certificate().getSubjectX500Principal().getName() + " for "
                + (names.isEmpty() ? "no host at all" : String.join(", ", names)) + ", until " + day();
    }

    /** Says what is the matter with its validity; empty: nothing is, for {@link #NOTICE} to come. */
    public String warning(Instant now) {
        String subject = certificate().getSubjectX500Principal().getName();
        if (end().isBefore(now)) {
            return "The certificate of " + subject + " in " + file + " expired on " + day()
                    + ": clients refuse it. Renew it; the workers notice new files by themselves";
        }
        if (certificate().getNotBefore().toInstant().isAfter(now)) {
            return "The certificate of " + subject + " in " + file + " is not valid yet: clients refuse it."
                    + " Is the clock of this machine right?";
        }
        long left = Duration.between(now, end()).toDays();
        if (left < NOTICE.toDays()) {
            return "The certificate of " + subject + " in " + file + " expires on " + day() + ", "
                    + (left == 0 ? "within a day" : "in " + left + (left == 1 ? " day" : " days")) + ". Renew it";
        }
        return "";
    }

    private LocalDate day() {
        return LocalDate.ofInstant(end(), ZoneOffset.UTC);
    }

    /** By RFC 6125 §6.4.4 the common name counts only where there are no others. */
    private static Set<String> names(X509Certificate certificate) {
        Set<String> names = new LinkedHashSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
                boolean host = alternative.get(0) instanceof Integer kind && (kind == DNS_NAME || kind == IP_ADDRESS);
                if (host && alternative.get(1) instanceof String name) {
                    names.add(name.toLowerCase(Locale.ROOT));
                }
            }
        } catch (CertificateParsingException e) {
            // Clients will not read these names either; the common name is what is left.
            names.clear();
        }
        if (names.isEmpty()) {
            commonName(certificate).forEach(names::add);
        }
        return names;
    }

    private static List<String> commonName(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName();
        for (String part : subject.split(",", -1)) {
            if (part.startsWith("CN=")) {
                return List.of(part.substring(3).toLowerCase(Locale.ROOT));
            }
        }
        return List.of();
    }
}
