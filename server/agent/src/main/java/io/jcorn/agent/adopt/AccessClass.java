package io.jcorn.agent.adopt;

import static org.objectweb.asm.Opcodes.ACC_FINAL;
import static org.objectweb.asm.Opcodes.ACC_PUBLIC;
import static org.objectweb.asm.Opcodes.ACC_STATIC;
import static org.objectweb.asm.Opcodes.ACONST_NULL;
import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ARETURN;
import static org.objectweb.asm.Opcodes.DUP;
import static org.objectweb.asm.Opcodes.I2L;
import static org.objectweb.asm.Opcodes.ICONST_0;
import static org.objectweb.asm.Opcodes.ICONST_1;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.INVOKEINTERFACE;
import static org.objectweb.asm.Opcodes.INVOKESPECIAL;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.INVOKEVIRTUAL;
import static org.objectweb.asm.Opcodes.IRETURN;
import static org.objectweb.asm.Opcodes.LCONST_0;
import static org.objectweb.asm.Opcodes.LLOAD;
import static org.objectweb.asm.Opcodes.LRETURN;
import static org.objectweb.asm.Opcodes.NEW;
import static org.objectweb.asm.Opcodes.RETURN;
import static org.objectweb.asm.Opcodes.V17;

import jdk.internal.access.SharedSecrets;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;

/**
 * A class in {@code sun.nio.ch} that implements {@link Access} by direct calls. Reflection would do the same, but a JVM since 18 spins
 * method handles for it, and for {@code FileChannel.map} too: on 25 that is 90 ms of CPU at the start of somebody else's program.
 */
final class AccessClass {

    private static final String NAME = "sun/nio/ch/JcornAccess";
    private static final String FD = "Ljava/io/FileDescriptor;";
    private static final String FAMILY = "Ljava/net/ProtocolFamily;";
    private static final String NET = "sun/nio/ch/Net";
    private static final String DISPATCHER = "sun/nio/ch/FileDispatcherImpl";

    private static final String UNSAFE = "jdk/internal/misc/Unsafe";

    /** Whose dup is dup2(2) in 17 and in 25. */
    private static final String DATAGRAMS = "sun/nio/ch/DatagramDispatcher";

    /** The first release of which it is known that members of the package can map files. 17 does it as cheaply by itself. */
    private static final int MAPS_SINCE = 25;

    private final ClassWriter writer = new ClassWriter(0);

    private AccessClass() {}

    /**
     * Puts the class into this JVM. It hands an instance of itself to {@link Hook#access}.
     *
     * @throws LinkageError if this JDK does not have what it calls
     */
    static void define() {
        String name = NAME.replace('/', '.');
        SharedSecrets.getJavaLangAccess().defineClass(null, name, new AccessClass().bytes(), null, null);
        try {
            Class.forName(name, true, null);
        } catch (ClassNotFoundException e) {
            throw new LinkageError(NAME + " was not defined", e);
        }
    }

    private byte[] bytes() {
        writer.visit(V17, ACC_FINAL, NAME, null, "java/lang/Object", new String[] {
            Access.class.getName().replace('.', '/')
        });
        initializer();
        constructor();
        dup2();
        bind();
        setOption();
        available();
        epollControl();
        poll();
        memory("getInt", "(J)I", IRETURN);
        memory("getLong", "(J)J", LRETURN);
        map();
        writer.visitEnd();
        return writer.toByteArray();
    }

    private void initializer() {
        MethodVisitor code = writer.visitMethod(ACC_STATIC, "<clinit>", "()V", null, null);
        code.visitCode();
        construct(code, NAME);
        code.visitMethodInsn(
                INVOKESTATIC,
                Hook.class.getName().replace('.', '/'),
                "access",
                "(L" + Access.class.getName().replace('.', '/') + ";)V",
                false);
        end(code, RETURN);
    }

    private void constructor() {
        MethodVisitor code = method("<init>", "()V");
        code.visitVarInsn(ALOAD, 0);
        code.visitMethodInsn(INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
        end(code, RETURN);
    }

    private void dup2() {
        String descriptor = "(" + FD + FD + ")V";
        MethodVisitor code = method("dup2", descriptor);
        construct(code, DATAGRAMS);
        code.visitVarInsn(ALOAD, 1);
        code.visitVarInsn(ALOAD, 2);
        code.visitMethodInsn(INVOKEVIRTUAL, DATAGRAMS, "dup", descriptor, false);
        end(code, RETURN);
    }

    private void bind() {
        String descriptor = "(" + FAMILY + FD + "Ljava/net/InetAddress;I)V";
        MethodVisitor code = method("bind", descriptor);
        code.visitVarInsn(ALOAD, 1);
        code.visitVarInsn(ALOAD, 2);
        code.visitVarInsn(ALOAD, 3);
        code.visitVarInsn(ILOAD, 4);
        code.visitMethodInsn(INVOKESTATIC, NET, "bind", descriptor, false);
        end(code, RETURN);
    }

    private void setOption() {
        String descriptor = "(" + FD + "Ljava/net/SocketOption;Ljava/lang/Object;)V";
        MethodVisitor code = method("setOption", descriptor);
        for (int local = 1; local <= 3; local++) {
            code.visitVarInsn(ALOAD, local);
        }
        code.visitMethodInsn(INVOKESTATIC, NET, "setSocketOption", descriptor, false);
        end(code, RETURN);
    }

    private void available() {
        String descriptor = "(" + FD + ")I";
        MethodVisitor code = method("available", descriptor);
        code.visitVarInsn(ALOAD, 1);
        code.visitMethodInsn(INVOKESTATIC, NET, "available", descriptor, false);
        end(code, IRETURN);
    }

    private void epollControl() {
        String descriptor = "(IIII)I";
        MethodVisitor code = method("epollControl", descriptor);
        for (int local = 1; local <= 4; local++) {
            code.visitVarInsn(ILOAD, local);
        }
        code.visitMethodInsn(INVOKESTATIC, "sun/nio/ch/EPoll", "ctl", descriptor, false);
        end(code, IRETURN);
    }

    private void poll() {
        String descriptor = "(" + FD + "IJ)I";
        MethodVisitor code = method("poll", descriptor);
        code.visitVarInsn(ALOAD, 1);
        code.visitVarInsn(ILOAD, 2);
        code.visitVarInsn(LLOAD, 3);
        code.visitMethodInsn(INVOKESTATIC, NET, "poll", descriptor, false);
        end(code, IRETURN);
    }

    private void memory(String name, String descriptor, int returning) {
        MethodVisitor code = method(name, descriptor);
        code.visitMethodInsn(INVOKESTATIC, UNSAFE, "getUnsafe", "()L" + UNSAFE + ";", false);
        code.visitVarInsn(LLOAD, 1);
        code.visitMethodInsn(INVOKEVIRTUAL, UNSAFE, name, descriptor, false);
        end(code, returning);
    }

    /** mmap(2) of the whole, readable, writable and shared; and a buffer over it that never unmaps it. */
    private void map() {
        MethodVisitor code = method("map", "(" + FD + "I)Ljava/nio/ByteBuffer;");
        if (Runtime.version().feature() < MAPS_SINCE) {
            code.visitInsn(ACONST_NULL);
            end(code, ARETURN);
            return;
        }
        code.visitMethodInsn(
                INVOKESTATIC,
                "jdk/internal/access/SharedSecrets",
                "getJavaNioAccess",
                "()Ljdk/internal/access/JavaNioAccess;",
                false);
        construct(code, DISPATCHER);
        code.visitVarInsn(ALOAD, 1);
        code.visitInsn(ICONST_1);
        code.visitInsn(LCONST_0);
        code.visitVarInsn(ILOAD, 2);
        code.visitInsn(I2L);
        code.visitInsn(ICONST_0);
        code.visitMethodInsn(INVOKEVIRTUAL, DISPATCHER, "map", "(" + FD + "IJJZ)J", false);
        code.visitVarInsn(ILOAD, 2);
        code.visitMethodInsn(
                INVOKEINTERFACE,
                "jdk/internal/access/JavaNioAccess",
                "newDirectByteBuffer",
                "(JI)Ljava/nio/ByteBuffer;",
                true);
        end(code, ARETURN);
    }

    private MethodVisitor method(String name, String descriptor) {
        MethodVisitor code = writer.visitMethod(ACC_PUBLIC, name, descriptor, null, null);
        code.visitCode();
        return code;
    }

    private static void construct(MethodVisitor code, String type) {
        code.visitTypeInsn(NEW, type);
        code.visitInsn(DUP);
        code.visitMethodInsn(INVOKESPECIAL, type, "<init>", "()V", false);
    }

    private static void end(MethodVisitor code, int opcode) {
        code.visitInsn(opcode);
        // More than any of these methods needs: to compute it would cost more.
        code.visitMaxs(8, 6);
        code.visitEnd();
    }
}
