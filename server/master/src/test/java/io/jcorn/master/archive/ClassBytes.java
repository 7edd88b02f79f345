package io.jcorn.master.archive;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Class files for tests, without a compiler: a class with a name and what the master looks for in it. */
public final class ClassBytes {

    private static final int PUBLIC = 1;
    private static final int STATIC = 8;

    private final String name;
    private String parent = "java.lang.Object";
    private int major = 61;
    private boolean main;
    private boolean constructor = true;
    private final List<String> interfaces = new ArrayList<>();
    private final List<String> annotations = new ArrayList<>();
    private final ByteArrayOutputStream pool = new ByteArrayOutputStream();
    private int count = 1;

    private ClassBytes(String name) {
        this.name = name;
    }

    /** A public class with a public constructor, for Java 17. */
    public static ClassBytes of(String name) {
        return new ClassBytes(name);
    }

    /** A handler of the JDK's. */
    public static ClassBytes handler(String name) {
        return of(name).implementing("com.sun.net.httpserver.HttpHandler");
    }

    /** A class with a main method. */
    public static ClassBytes main(String name) {
        ClassBytes bytes = of(name);
        bytes.main = true;
        return bytes;
    }

    /** It has one too. */
    public ClassBytes withMain() {
        main = true;
        return this;
    }

    ClassBytes extending(String other) {
        parent = other;
        return this;
    }

    ClassBytes implementing(String other) {
        interfaces.add(other);
        return this;
    }

    ClassBytes annotated(String annotation) {
        annotations.add(annotation);
        return this;
    }

    ClassBytes withoutConstructor() {
        constructor = false;
        return this;
    }

    /** The feature release that it is compiled for. */
    public ClassBytes java(int feature) {
        major = feature + 44;
        return this;
    }

    /** Returns the class file. */
    public byte[] bytes() {
        try {
            return written();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] written() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(body);
        out.writeShort(PUBLIC);
        out.writeShort(type(name));
        out.writeShort(type(parent));
        out.writeShort(interfaces.size());
        for (String each : interfaces) {
            out.writeShort(type(each));
        }
        out.writeShort(0);
        out.writeShort((main ? 1 : 0) + (constructor ? 1 : 0));
        if (main) {
            method(out, PUBLIC | STATIC, "main", "([Ljava/lang/String;)V");
        }
        if (constructor) {
            method(out, PUBLIC, "<init>", "()V");
        }
        out.writeShort(annotations.isEmpty() ? 0 : 1);
        if (!annotations.isEmpty()) {
            out.writeShort(text("RuntimeVisibleAnnotations"));
            out.writeInt(2 + 4 * annotations.size());
            out.writeShort(annotations.size());
            for (String each : annotations) {
                out.writeShort(text("L" + each.replace('.', '/') + ";"));
                out.writeShort(0);
            }
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        DataOutputStream whole = new DataOutputStream(file);
        whole.writeInt(0xCAFEBABE);
        whole.writeShort(0);
        whole.writeShort(major);
        whole.writeShort(count);
        pool.writeTo(whole);
        body.writeTo(whole);
        return file.toByteArray();
    }

    private void method(DataOutputStream out, int access, String method, String descriptor) throws IOException {
        out.writeShort(access);
        out.writeShort(text(method));
        out.writeShort(text(descriptor));
        out.writeShort(0);
    }

    private int type(String type) throws IOException {
        int index = text(type.replace('.', '/'));
        new DataOutputStream(pool).writeByte(7);
        new DataOutputStream(pool).writeShort(index);
        return count++;
    }

    private int text(String text) throws IOException {
        new DataOutputStream(pool).writeByte(1);
        new DataOutputStream(pool).writeUTF(text);
        return count++;
    }
}
