package io.jcorn.worker.files;

import io.jcorn.worker.http.RequestHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the client wants an answer at all: the order of RFC 9110 §13.2.2, for GET and HEAD. */
final class Conditions {

    /** What the conditions lead to. */
    enum Verdict {
        /** The file is sent. */
        SEND,
        /** The client has it already: 304. */
        NOT_MODIFIED,
        /** It is not the one that the client means: 412. */
        FAILED
    }

    private final RequestHead head;
    private final String tag;
    private final long modified;

    /**
     * The conditions of a request on a representation.
     *
     * @param tag its strong entity tag
     * @param modified when it was changed last, in seconds since 1970
     */
    Conditions(RequestHead head, String tag, long modified) {
        this.head = head;
        this.tag = tag;
        this.modified = modified;
    }

    Verdict verdict() {
        List<String> match = head.all("if-match");
        if (!match.isEmpty()) {
            if (!EntityTags.contain(match, tag, false)) {
                return Verdict.FAILED;
            }
        } else if (before("if-unmodified-since")) {
            return Verdict.FAILED;
        }
        List<String> noneMatch = head.all("if-none-match");
        if (!noneMatch.isEmpty()) {
            return EntityTags.contain(noneMatch, tag, true) ? Verdict.NOT_MODIFIED : Verdict.SEND;
        }
        Long since = date("if-modified-since");
        return since != null && modified <= since ? Verdict.NOT_MODIFIED : Verdict.SEND;
    }

    /** Whether a Range counts: §13.1.5. A date has to be exactly the one that we tell. */
    boolean rangeCounts() {
        List<String> ifRange = head.all("if-range");
        if (ifRange.isEmpty()) {
            return true;
        }
        String value = ifRange.get(0);
        if (ifRange.size() > 1 || value.startsWith("W/")) {
            return false;
        }
        if (value.startsWith("\"")) {
            return value.equals(tag);
        }
        Long date = Dates.seconds(value);
        return date != null && date == modified;
    }

    private boolean before(String field) {
        Long date = date(field);
        return date != null && modified > date;
    }

    /** A field that is there twice, or is no date, is ignored. */
    private @Nullable Long date(String field) {
        List<String> values = head.all(field);
        return values.size() == 1 ? Dates.seconds(values.get(0)) : null;
    }
}
