package io.jcorn.master.settings;

import static io.jcorn.master.settings.ScalarTypes.choice;

import io.jcorn.wire.ProxyProtocol;
import io.jcorn.wire.forwarded.ForwardedHeader;
import io.jcorn.wire.forwarded.SchemeHeader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The settings for proxies that stand before jcorn: whom they may speak for. As in {@link Settings}. */
public final class ProxySettings {

    private static final List<Setting<?>> REGISTRY = new ArrayList<>();

    public static final Setting<ProxyProtocol> PROXY_PROTOCOL = setting(
                    "proxy-protocol", choice("MODE", ProxyProtocol.class), "off")
            .prose("Whether connections begin with a header of the PROXY protocol: off, v1, v2 or auto for both.", """
                    For the worker class handler, behind a load balancer that passes bytes on without reading them, as
                    HAProxy with send-proxy or an AWS NLB does: the header tells who the client is. It is then required
                    of everybody, on all addresses of bind: who is in proxy-allow-from and sends none is turned away, and
                    so is who is not in that list, whatever he sends. gunicorn serves those who send none.
                    """);

    public static final Setting<List<String>> PROXY_ALLOW_FROM = setting(
                    "proxy-allow-from", ProxyTypes.peers(), "127.0.0.1", "::1")
            .prose("Who may connect with a PROXY header.", """
                    Addresses and networks of the load balancers themselves; * lets in everybody, and is right only where
                    nobody else can connect. Whoever connects to a Unix socket may: its permissions decide who that is.
                    """);

    public static final Setting<List<String>> FORWARDED_ALLOW_IPS = setting(
                    "forwarded-allow-ips", ProxyTypes.peers(), "127.0.0.1", "::1")
            .alsoFrom("FORWARDED_ALLOW_IPS", "$")
            .prose("Whose Forwarded and X-Forwarded-* headers are believed.", """
                    For the worker classes handler and servlet: who comes from one of these addresses or networks may say
                    which client, scheme and host the request is for. The list of X-Forwarded-For is read from its end,
                    as far as its addresses are in this list too, so that what a client has invented is never believed.
                    * believes everybody, and is right only where nobody but the proxy can connect; an empty list believes
                    nobody. Otherwise whoever comes by a Unix socket is believed. Whether or not they are believed,
                    the application sees the headers as they came. A server with a main class has its own setting.
                    """);

    public static final Setting<ForwardedHeader> FORWARDED_HEADER = setting(
                    "forwarded-header", choice("KIND", ForwardedHeader.class), "auto")
            .prose("Which headers are believed: x-forwarded, forwarded (RFC 7239), or auto.", """
                    A proxy that writes one kind passes on what its client wrote of the other. auto believes X-Forwarded-*
                    where the request has X-Forwarded-For, else Forwarded: right for proxies that write the former. Choose
                    forwarded for one that writes only that.
                    """);

    public static final Setting<List<SchemeHeader>> SECURE_SCHEME_HEADERS = setting(
                    "secure-scheme-headers",
                    ProxyTypes.schemeHeaders(),
                    "X-FORWARDED-PROTOCOL=ssl",
                    "X-FORWARDED-PROTO=https",
                    "X-FORWARDED-SSL=on")
            .prose("By which headers a trusted proxy says that its client came by https.", """
                    The value has to be exactly this one; any other means http. A request in which two of these lines
                    contradict each other is answered with 400. In the file the value may also be an object:
                    secure-scheme-headers { X-FORWARDED-PROTO = https }.
                    """);

    private ProxySettings() {}

    static List<Setting<?>> all() {
        return Collections.unmodifiableList(REGISTRY);
    }

    private static <T> Setting.Block<T> setting(String key, SettingType<T> type, String... texts) {
        return new Setting.Block<>(REGISTRY, Section.PROXIES, key, type, texts);
    }
}
