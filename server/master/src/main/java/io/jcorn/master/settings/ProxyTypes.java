package io.jcorn.master.settings;

import io.jcorn.master.settings.CompoundTypes.Separator;
import io.jcorn.wire.forwarded.SchemeHeader;
import io.jcorn.wire.forwarded.TrustedPeers;
import java.nio.file.Path;
import java.util.List;

/** The types of what is said about proxies. */
final class ProxyTypes {

    private ProxyTypes() {}

    /** Addresses and networks. Unlike other lists it may be empty also on the command line. */
    static SettingType<List<String>> peers() {
        return orNone(new ScalarType<>("ADDRESS", "addresses, networks such as 10.0.0.0/8, or * for everybody") {
            @Override
            String parse(String text, Path base) {
                String written = text.strip();
                String fault = TrustedPeers.fault(written);
                if (fault != null) {
                    throw refuse(text, fault);
                }
                return written;
            }
        });
    }

    /** Headers with the value that means https; there may be none. */
    static SettingType<List<SchemeHeader>> schemeHeaders() {
        SettingType<List<SchemeHeader>> list = orNone(
                new ScalarType<>(
                        "NAME=VALUE", "the name of a header and its value for https, such as X-FORWARDED-PROTO=https") {
                    @Override
                    SchemeHeader parse(String text, Path base) {
                        // RFC 9110, sections 5.1 and 5.5: a token, and visible ASCII. Blanks around a value
                        // are never seen.
                        if (!text.strip().matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+=[!-~]([ -~]*[!-~])?")) {
                            throw refuse(text, "is not a header and a value");
                        }
                        return SchemeHeader.parse(text.strip());
                    }
                });
        return new CompoundTypes.Delegating<>(list) {
            @Override
            public boolean keyed() {
                return true;
            }
        };
    }

    private static <T> SettingType<List<T>> orNone(ScalarType<T> element) {
        return new CompoundTypes.Delegating<>(CompoundTypes.list(element, Separator.COMMA)) {
            @Override
            public List<String> split(String text, boolean variable) {
                return text.isBlank() ? List.of() : super.split(text, variable);
            }
        };
    }
}
