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

    private static final Pattern REMOTE =
            Pattern.compile("<!ENTITY\\s+((?:%\\s+)?[^\\s>]+)[^>]*[\"'](?:https?|ftp|jar):");

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

    /** Jetty has the document types and schemas itself, but would fetch what an entity stands for. */
    private static void refuseRemote(Path file, String displayName) throws LoadFailure {
        try {
            // Latin 1: every byte is a character, whatever the encoding.
            Matcher entity = REMOTE.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            if (entity.find()) {
                throw new LoadFailure("WEB-INF/web.xml of " + displayName + " declares the entity " + entity.group(1)
                        + ", which is to be fetched from elsewhere. jcorn fetches nothing: put it into the archive");
            }
        } catch (IOException e) {
            throw new LoadFailure("WEB-INF/web.xml of " + displayName + " cannot be read: " + e.getMessage());
        }
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
