package io.jcorn.worker.files;

import com.sun.net.httpserver.Headers;
import io.jcorn.worker.exchange.Exchange;
import io.jcorn.worker.exchange.FileCopy;
import io.jcorn.worker.files.Ranges.Part;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One file as the answer to one GET or HEAD. */
final class FileResponse {

    private static final String CRLF = "\r\n";

    private final Exchange exchange;
    private final Resource resource;
    private final Headers headers;
    private final String type;
    private @Nullable Coding coding;
    private Resource sent;

    FileResponse(Exchange exchange, Resource resource, Optional<String> cacheControl) {
        this.exchange = exchange;
        this.resource = resource;
        this.sent = resource;
        this.headers = exchange.getResponseHeaders();
        this.type = MediaTypes.of(String.valueOf(resource.path().getFileName()));
        cacheControl.ifPresent(value -> headers.set("Cache-Control", value));
    }

    void send() throws IOException {
        choose();
        String tag = tag();
        // RFC 9110 §8.8.2.1: no date of the future. A clock that was wrong once must not freeze a file in caches.
        long modified = Math.min(sent.modifiedSeconds(), TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()));
        headers.set("ETag", tag);
        headers.set("Last-Modified", Dates.text(modified));
        Conditions conditions = new Conditions(exchange.head(), tag, modified);
        switch (conditions.verdict()) {
            case FAILED -> end(412);
            case NOT_MODIFIED -> end(304);
            case SEND -> send(parts(conditions));
        }
    }

    /** Each variant is a representation of its own: what is true of one must not be told of another. */
    private String tag() {
        String tag = sent.tag();
        return coding == null ? tag : tag.substring(0, tag.length() - 1) + '-' + coding.token() + '"';
    }

    private void choose() {
        List<String> accepted = exchange.head().all("accept-encoding");
        int best = Coding.identity(accepted);
        boolean varies = false;
        for (Coding one : Coding.values()) {
            Resource variant = resource.compressed(one);
            varies |= variant != null;
            int quality = variant == null ? 0 : one.quality(accepted);
            if (variant != null && quality > best) {
                best = quality;
                sent = variant;
                coding = one;
            }
        }
        if (varies) {
            headers.set("Vary", "Accept-Encoding");
        }
        if (coding != null) {
            headers.set("Content-Encoding", coding.token());
        }
    }

    /** Returns null if the whole file is wanted. */
    private @Nullable List<Part> parts(Conditions conditions) {
        headers.set("Accept-Ranges", "bytes");
        List<String> range = exchange.head().all("range");
        boolean counts = range.size() == 1 && exchange.getRequestMethod().equals("GET") && conditions.rangeCounts();
        return counts ? Ranges.parse(range.get(0), sent.size()) : null;
    }

    private void send(@Nullable List<Part> parts) throws IOException {
        if (parts != null && parts.isEmpty()) {
            headers.remove("Content-Encoding");
            headers.set("Content-Range", "bytes */" + sent.size());
            end(416);
            return;
        }
        FileChannel file = sent.open();
        if (parts != null && parts.size() > 1) {
            sendSeveral(file, parts);
            return;
        }
        headers.set("Content-Type", type);
        if (parts == null) {
            exchange.sendFile(200, file, 0, sent.size());
        } else {
            Part part = parts.get(0);
            headers.set("Content-Range", part.of(sent.size()));
            exchange.sendFile(206, file, part.first(), part.length());
        }
    }

    /** RFC 9110 §14.6: {@code multipart/byteranges}. */
    private void sendSeveral(FileChannel file, List<Part> parts) throws IOException {
        try (file) {
            String boundary = Long.toHexString(ThreadLocalRandom.current().nextLong() | Long.MIN_VALUE);
            List<byte[]> heads = new ArrayList<>();
            byte[] end = bytes(CRLF + "--" + boundary + "--" + CRLF);
            long length = end.length;
            for (Part part : parts) {
                byte[] head = bytes((heads.isEmpty() ? "" : CRLF) + "--" + boundary + CRLF + "Content-Type: " + type
                        + CRLF + "Content-Range: " + part.of(sent.size()) + CRLF + CRLF);
                heads.add(head);
                length += head.length + part.length();
            }
            headers.set("Content-Type", "multipart/byteranges; boundary=" + boundary);
            exchange.sendResponseHeaders(206, length);
            OutputStream out = exchange.getResponseBody();
            for (int i = 0; i < parts.size(); i++) {
                out.write(heads.get(i));
                FileCopy.append(file, parts.get(i).first(), parts.get(i).length(), out);
            }
            out.write(end);
        }
        exchange.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void end(int status) throws IOException {
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }
}
