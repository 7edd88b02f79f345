package io.jcorn.examples.guestbook;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a visitor filled in, and what is wrong with it. */
public final class Form {

    static final int LONGEST_NAME = 60;
    static final int LONGEST_TEXT = 2_000;

    private final String name;
    private final String text;
    private final Optional<Picture> picture;
    private final List<String> complaints = new ArrayList<>();

    private Form(String name, String text, Optional<Picture> picture) {
        this.name = name;
        this.text = text;
        this.picture = picture;
    }

    /** The form as it is shown to somebody who comes. */
    static Form empty(String name) {
        return new Form(name, "", Optional.empty());
    }

    /** The form as it came back; a field that was not sent is {@code null}, a picture that was not chosen has no bytes. */
    static Form of(@Nullable String name, @Nullable String text, byte[] picture) {
        Form form = new Form(tidy(name), tidy(text), Picture.of(picture));
        form.check("name", form.name, LONGEST_NAME);
        form.check("text", form.text, LONGEST_TEXT);
        if (picture.length > 0 && form.picture.isEmpty()) {
            form.complaints.add("The picture is none that can be shown: PNG, JPEG, GIF and WebP can.");
        }
        return form;
    }

    private static String tidy(@Nullable String given) {
        return given == null ? "" : given.replace("\r\n", "\n").strip();
    }

    private void check(String field, String value, int longest) {
        if (value.isEmpty()) {
            complaints.add("The " + field + " is missing.");
        } else if (value.length() > longest) {
            complaints.add("The " + field + " is longer than " + longest + " characters.");
        }
    }

    /** Adds what only the one who read the form can know. */
    Form complain(String complaint) {
        complaints.add(complaint);
        return this;
    }

    /** Who writes; the page asks for it. */
    public String name() {
        return name;
    }

    /** What they write; the page asks for it. */
    public String text() {
        return text;
    }

    /** What is wrong, one sentence each; the page asks for it. */
    public List<String> complaints() {
        return complaints;
    }

    Optional<Picture> picture() {
        return picture;
    }
}
