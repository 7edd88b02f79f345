package io.jcorn.servlet.session;

import io.jcorn.wire.Log;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.session.SessionData;
import org.eclipse.jetty.util.ClassLoadingObjectInputStream;

/** Attributes of sessions as bytes, and back with the application's class loader. */
final class Attributes {

    private final Log log;
    private final Set<String> complained = ConcurrentHashMap.newKeySet();

    Attributes(Log log) {
        this.log = log;
    }

    /** Serialises the attributes. Those that cannot be are left out, and said so once per name and class. */
    byte[] bytes(SessionData data) throws IOException {
        try {
            return serialised(data);
        } catch (ObjectStreamException | RuntimeException e) {
            return serialised(serialisable(data));
        }
    }

    private static byte[] serialised(SessionData data) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            SessionData.serializeAttributes(data, out);
        }
        return bytes.toByteArray();
    }

    private SessionData serialisable(SessionData data) throws IOException {
        SessionData kept = new SessionData(data.getId(), data.getContextPath(), data.getVhost(), 0, 0, 0, 0);
        for (Map.Entry<String, Object> attribute : data.getAllAttributes().entrySet()) {
            try (ObjectOutputStream out = new ObjectOutputStream(OutputStream.nullOutputStream())) {
                out.writeObject(attribute.getValue());
                kept.setAttribute(attribute.getKey(), attribute.getValue());
            } catch (ObjectStreamException | RuntimeException e) {
                complain(attribute, e);
            }
        }
        return kept;
    }

    private void complain(Map.Entry<String, Object> attribute, Exception e) {
        String type = attribute.getValue().getClass().getName();
        if (complained.add(attribute.getKey() + ' ' + type)) {
            log.warning("The session attribute \"" + attribute.getKey() + "\" of " + type
                    + " cannot be serialised, so no other worker will see it: " + e);
        }
    }

    /** Adds attributes to a session. The classes are the application's: it is called with its context class loader. */
    void read(SessionData data, byte[] bytes) throws IOException, ClassNotFoundException {
        try (ClassLoadingObjectInputStream in = new ClassLoadingObjectInputStream(new ByteArrayInputStream(bytes))) {
            SessionData.deserializeAttributes(data, in);
        }
    }
}
