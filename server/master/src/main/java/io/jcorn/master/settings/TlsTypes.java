package io.jcorn.master.settings;

import io.jcorn.wire.TlsCipher;
import io.jcorn.wire.TlsOptions.ClientCertificates;
import io.jcorn.wire.TlsOptions.TlsVersion;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The types that only TLS has. */
final class TlsTypes {

    private TlsTypes() {}

    /** Whether clients show certificates, in words or by the numbers of Python's ssl module, which gunicorn takes. */
    static ScalarType<ClientCertificates> clientCertificates() {
        return new ScalarType<>("WHETHER", "none, optional or required") {
            @Override
            ClientCertificates parse(String text, Path base) {
                return switch (text.strip().toLowerCase(Locale.ROOT)) {
                    case "none", "0" -> ClientCertificates.NONE;
                    case "optional", "1" -> ClientCertificates.OPTIONAL;
                    case "required", "2" -> ClientCertificates.REQUIRED;
                    default -> throw refuse(text, "is not known");
                };
            }

            @Override
            String write(ClientCertificates value) {
                return value.name().toLowerCase(Locale.ROOT);
            }
        };
    }

    /** A version of TLS. */
    static ScalarType<TlsVersion> version() {
        return new ScalarType<>("VERSION", "1.2 or 1.3") {
            @Override
            TlsVersion parse(String text, Path base) {
                String number = text.strip()
                        .toUpperCase(Locale.ROOT)
                        .replaceFirst("^TLS ?V?", "")
                        .replace('_', '.');
                for (TlsVersion version : TlsVersion.values()) {
                    if (version.number().equals(number)) {
                        return version;
                    }
                }
                throw number.matches("1(\\.[01])?")
                        ? refuse(text, "is broken and not spoken any more (RFC 8996)")
                        : refuse(text, "is no version of TLS");
            }

            @Override
            String write(TlsVersion value) {
                return value.number();
            }
        };
    }

    /** A cipher suite of TLS 1.2. */
    static ScalarType<TlsCipher> cipher() {
        String names =
                Arrays.stream(TlsCipher.values()).map(TlsCipher::opensslName).collect(Collectors.joining(", "));
        return new ScalarType<>("SUITES", "names of cipher suites such as ECDHE-RSA-AES128-GCM-SHA256") {
            @Override
            TlsCipher parse(String text, Path base) {
                String name = text.strip();
                return TlsCipher.named(name).orElseThrow(() -> refuse(text, why(name) + ". There are " + names));
            }

            @Override
            String write(TlsCipher value) {
                return value.opensslName();
            }
        };
    }

    private static String why(String name) {
        if (name.matches("(?i)TLS_(AES|CHACHA20)_.*")) {
            return "is a suite of TLS 1.3, where all are good and none is chosen";
        }
        return name.matches("[!+@-].*|[A-Za-z]+|.*[+=@].*")
                ? "is of OpenSSL's language for lists of suites, which is not understood here: name the suites"
                : "is not a cipher suite that both BoringSSL and Java have";
    }
}
