package io.jcorn.master.archive;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a class says about itself, read from its bytes: nothing is loaded, so it may be made for a newer Java. The format is
 * that of the Java Virtual Machine Specification, chapter 4. Names of classes have dots.
 *
 * @param major the version of the format: 61 is Java 17
 * @param parent the name of its superclass; empty for a module
 * @param interfaces the names of what it implements itself, or extends if it is an interface
 * @param annotations the names of its annotations that are visible at run time
 * @param main whether it has {@code public static void main(String[])}
 * @param makeable whether it is public, not abstract, and has a public constructor without parameters
 */
record ClassFile(
        int major, String parent, List<String> interfaces, List<String> annotations, boolean main, boolean makeable) {

    private static final int MAGIC = 0xCAFEBABE;
    private static final int PUBLIC = 0x0001;
    private static final int STATIC = 0x0008;
    private static final int NOT_MAKEABLE = 0x0200 | 0x0400;

    /** Reads a class; empty: the bytes are none. */
    static Optional<ClassFile> read(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return in.readInt() == MAGIC ? Optional.of(new Reader(in).read()) : Optional.empty();
        } catch (IOException | IndexOutOfBoundsException | IllegalArgumentException e) {
            // Cut off, or made by nobody's compiler.
            return Optional.empty();
        }
    }

    /** The feature release that it was compiled for: 17 for 61. */
    int feature() {
        return major - 44;
    }

    private static final class Reader {
        private final DataInputStream in;
        private String[] texts = new String[0];
        private int[] classes = new int[0];
        private final List<String> annotations = new ArrayList<>();
        private boolean main;
        private boolean constructor;

        Reader(DataInputStream in) {
            this.in = in;
        }

        ClassFile read() throws IOException {
            in.skipNBytes(2);
            int major = in.readUnsignedShort();
            constants();
            int access = in.readUnsignedShort();
            in.skipNBytes(2);
            String parent = className(in.readUnsignedShort());
            List<String> interfaces = new ArrayList<>();
            for (int n = in.readUnsignedShort(); n > 0; n--) {
                interfaces.add(className(in.readUnsignedShort()));
            }
            members(false);
            members(true);
            attributes(true);
            boolean makeable = constructor && (access & PUBLIC) != 0 && (access & NOT_MAKEABLE) == 0;
            return new ClassFile(major, parent, List.copyOf(interfaces), List.copyOf(annotations), main, makeable);
        }

        /** Section 4.4; of the constants only texts and classes matter. */
        private void constants() throws IOException {
            int count = in.readUnsignedShort();
            texts = new String[count];
            Arrays.fill(texts, "");
            classes = new int[count];
            for (int i = 1; i < count; i++) {
                int tag = in.readUnsignedByte();
                switch (tag) {
                    case 1 -> texts[i] = in.readUTF();
                    case 7 -> classes[i] = in.readUnsignedShort();
                    case 8, 16, 19, 20 -> in.skipNBytes(2);
                    case 15 -> in.skipNBytes(3);
                    case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
                    case 5, 6 -> {
                        in.skipNBytes(8);
                        // "In retrospect, making 8-byte constants take two entries was a poor choice."
                        i++;
                    }
                    default -> throw new IOException("constant " + tag);
                }
            }
        }

        private String className(int index) {
            return index == 0 ? "" : texts[classes[index]].replace('/', '.');
        }

        private void members(boolean methods) throws IOException {
            for (int n = in.readUnsignedShort(); n > 0; n--) {
                int access = in.readUnsignedShort();
                String signature = texts[in.readUnsignedShort()] + texts[in.readUnsignedShort()];
                if (methods && (access & PUBLIC) != 0) {
                    main |= (access & STATIC) != 0 && signature.equals("main([Ljava/lang/String;)V");
                    constructor |= signature.equals("<init>()V");
                }
                attributes(false);
            }
        }

        private void attributes(boolean ofClass) throws IOException {
            for (int n = in.readUnsignedShort(); n > 0; n--) {
                String name = texts[in.readUnsignedShort()];
                long length = in.readInt() & 0xFFFF_FFFFL;
                if (ofClass && name.equals("RuntimeVisibleAnnotations")) {
                    for (int a = in.readUnsignedShort(); a > 0; a--) {
                        annotations.add(annotation());
                    }
                } else {
                    in.skipNBytes(length);
                }
            }
        }

        /** Section 4.7.16; its values are passed over. */
        private String annotation() throws IOException {
            String type = texts[in.readUnsignedShort()];
            for (int n = in.readUnsignedShort(); n > 0; n--) {
                in.skipNBytes(2);
                value();
            }
            return type.substring(1, type.length() - 1).replace('/', '.');
        }

        private void value() throws IOException {
            switch (in.readUnsignedByte()) {
                case 'e' -> in.skipNBytes(4);
                case '@' -> annotation();
                case '[' -> {
                    for (int n = in.readUnsignedShort(); n > 0; n--) {
                        value();
                    }
                }
                default -> in.skipNBytes(2);
            }
        }
    }
}
