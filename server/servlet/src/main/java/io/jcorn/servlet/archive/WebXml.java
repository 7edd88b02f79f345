package io.jcorn.servlet.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * The head of a deployment descriptor.
 *
 * @param version its version attribute; null: it has none
 */
record WebXml(@Nullable String version) {

    /** The versions of Jakarta EE 9 and 10: their applications may use what Jakarta EE 11 has removed. */
    private static final Set<String> EE10 = Set.of("5.0", "6.0");

    /** The versions that belong to Jakarta EE; what is older belongs to Java EE and to javax.servlet. */
    private static final Set<String> JAKARTA = Set.of("5.0", "6.0", "6.1");

    /** An entity whose text is elsewhere. */
    private static final Pattern REMOTE_ENTITY =
            Pattern.compile("<!ENTITY\\s+((?:%\\s+)?[^\\s>]+)[^>]*[\"'](?:https?|ftp|jar):");

    /** A document type that is elsewhere; the second group is its public identifier, if it has one. */
    private static final Pattern REMOTE_TYPE = Pattern.compile(
            "<!DOCTYPE\\s+\\S+\\s+(?:PUBLIC\\s+([\"'])(.*?)\\1|SYSTEM)\\s+[\"']((?:https?|ftp|jar):[^\"']*)[\"']");

    /** The document types that Jetty brings. */
    private static final Pattern KNOWN_TYPE =
            Pattern.compile("-//Sun Microsystems, Inc\\.//DTD Web Application 2\\.[23]//EN");

    /**
     * Reads a descriptor up to its first element. Nothing is fetched: neither its document type nor an entity.
     *
     * @throws LoadFailure if it cannot be read or is not well-formed up to there
     */
    static WebXml read(Path file, String displayName) throws LoadFailure {
        refuseRemote(file, displayName);
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try (InputStream in = Files.newInputStream(file)) {
            XMLStreamReader reader = factory.createXMLStreamReader(in);
            while (reader.next() != XMLStreamConstants.START_ELEMENT) {
                // Comments, the document type, blanks.
            }
            return new WebXml(reader.getAttributeValue(null, "version"));
        } catch (XMLStreamException e) {
            throw new LoadFailure("WEB-INF/web.xml of " + displayName + " is not well-formed XML: " + where(e));
        } catch (IOException e) {
            throw new LoadFailure("WEB-INF/web.xml of " + displayName + " cannot be read: " + e.getMessage());
        }
    }

    /** Jetty brings schemas and document types itself, but would fetch what it does not know. */
    private static void refuseRemote(Path file, String displayName) throws LoadFailure {
        String text;
        try {
            // Latin 1: every byte is a character, whatever the encoding.
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new LoadFailure("WEB-INF/web.xml of " + displayName + " cannot be read: " + e.getMessage());
        }
        Matcher entity = REMOTE_ENTITY.matcher(text);
        if (entity.find()) {
            throw remote(displayName, "declares the entity " + entity.group(1));
        }
        Matcher type = REMOTE_TYPE.matcher(text);
        if (type.find()
                && (type.group(2) == null || !KNOWN_TYPE.matcher(type.group(2)).matches())) {
            throw remote(displayName, "has the document type " + type.group(3));
        }
    }

    private static LoadFailure remote(String displayName, String what) {
        return new LoadFailure("WEB-INF/web.xml of " + displayName + " " + what
                + ", which would have to be fetched from elsewhere. jcorn fetches nothing: take it out");
    }

    /** The parser's message spans lines and repeats the position in a way of its own. */
    private static String where(XMLStreamException e) {
        String message = String.valueOf(e.getMessage());
        int text = message.indexOf("Message: ");
        String said = text < 0 ? message : message.substring(text + "Message: ".length());
        return "line " + e.getLocation().getLineNumber() + ", column "
                + e.getLocation().getColumnNumber() + ": " + said.strip();
    }

    /** Whether it is written for Jakarta EE. One that is not may still belong to an application that was only half renamed. */
    boolean jakarta() {
        return version != null && JAKARTA.contains(version);
    }

    Edition edition() {
        return version != null && EE10.contains(version) ? Edition.EE10 : Edition.EE11;
    }
}
