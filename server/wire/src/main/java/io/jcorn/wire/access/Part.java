package io.jcorn.wire.access;

/** One piece of a format. */
final class Part {

    private final Atom atom;
    private final boolean quoted;
    private final String name;
    private final byte[] literal;

    private Part(Atom atom, boolean quoted, String name, byte[] literal) {
        this.atom = atom;
        this.quoted = quoted;
        this.name = name;
        this.literal = literal;
    }

    static Part literal(byte[] bytes) {
        return new Part(Atom.LITERAL, false, "", bytes);
    }

    static Part of(Atom atom, boolean quoted) {
        return new Part(atom, quoted, "", new byte[0]);
    }

    static Part field(Atom atom, String name, boolean quoted) {
        return new Part(atom, quoted, name, new byte[0]);
    }

    Atom atom() {
        return atom;
    }

    /** Whether it stands between quotes of the format. */
    boolean quoted() {
        return quoted;
    }

    /** Returns the name of the header field, in lower case. */
    String name() {
        return name;
    }

    byte[] literal() {
        return literal;
    }
}
