package io.jcorn.agent.adopt;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * One class, rewritten at its patch points. No method and no field is added and no frame is computed, so it works on a class that
 * is loaded already and needs no other class to be looked at.
 */
final class Rewriting extends ClassVisitor {

    private static final int ASM = Opcodes.ASM9;

    private final ClassWriter writer;
    private final List<PatchPoint> points;
    private final int[] found;
    private String name = "";

    private Rewriting(ClassWriter writer, List<PatchPoint> points) {
        super(ASM, writer);
        this.writer = writer;
        this.points = points;
        this.found = new int[points.size()];
    }

    /** Rewrites a class. */
    static Rewriting of(byte[] original, List<PatchPoint> points) {
        ClassReader reader = new ClassReader(original);
        // With the reader the writer copies what is not touched as it is.
        Rewriting rewriting = new Rewriting(new ClassWriter(reader, 0), points);
        reader.accept(rewriting, 0);
        return rewriting;
    }

    /** Returns the class as it is to be loaded. */
    byte[] bytes() {
        return writer.toByteArray();
    }

    /** Returns how often patch points of a kind were found. */
    int found(PatchPoint.Kind kind) {
        int count = 0;
        for (int i = 0; i < found.length; i++) {
            count += points.get(i).kind() == kind ? found[i] : 0;
        }
        return count;
    }

    /** Returns the patch points of which there are too few or too many; none: the class is one that we know. */
    List<String> surprises() {
        List<String> surprises = new ArrayList<>();
        for (int i = 0; i < found.length; i++) {
            PatchPoint point = points.get(i);
            if (found[i] < point.least() || found[i] > point.most()) {
                surprises.add(point + " " + found[i] + " times instead of " + point.most());
            }
        }
        return surprises;
    }

    @Override
    public void visit(
            int version,
            int access,
            String name,
            @Nullable String signature,
            @Nullable String superName,
            String @Nullable [] interfaces) {
        this.name = name;
        super.visit(version, access, name, signature, superName, interfaces);
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String method, String descriptor, @Nullable String signature, String @Nullable [] exceptions) {
        MethodVisitor next = super.visitMethod(access, method, descriptor, signature, exceptions);
        // A native has no code to rewrite, and Netty's have the names of the methods that call them.
        if ((access & (Opcodes.ACC_NATIVE | Opcodes.ACC_ABSTRACT)) != 0) {
            return next;
        }
        List<PatchPoint> here = new ArrayList<>();
        for (PatchPoint point : points) {
            if (point.concerns(method + descriptor)) {
                here.add(point);
            }
        }
        return here.isEmpty() ? next : new PatchedMethod(next, here, name, method, descriptor, this);
    }

    /** A patch point was found. */
    void count(PatchPoint point) {
        found[points.indexOf(point)]++;
    }
}
