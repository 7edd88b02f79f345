package io.jcorn.agent.adopt;

import java.util.List;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * One method, rewritten at its patch points.
 *
 * <p>A jump that is added lands on an instruction that needs a frame of its own: {@code F_SAME}, the locals are the parameters there, or
 * {@code F_SAME1} with what the hook has returned on the stack.
 */
final class PatchedMethod extends MethodVisitor {

    private static final String HOOK = "io/jcorn/agent/adopt/Hook";
    private static final String FD = "Ljava/io/FileDescriptor;";
    private static final String ADDRESS = "Ljava/net/SocketAddress;";

    /** The deepest that any of our insertions adds to the stack. */
    private static final int MORE_STACK = 5;

    private static final String TRAFFIC = "io/jcorn/agent/adopt/Traffic";

    private final List<PatchPoint> points;
    private final String owner;
    private final String name;
    private final String descriptor;
    private final Rewriting rewriting;

    PatchedMethod(
            MethodVisitor next,
            List<PatchPoint> points,
            String owner,
            String name,
            String descriptor,
            Rewriting rewriting) {
        super(Opcodes.ASM9, next);
        this.points = points;
        this.owner = owner;
        this.name = name;
        this.descriptor = descriptor;
        this.rewriting = rewriting;
    }

    @Override
    public void visitCode() {
        super.visitCode();
        for (PatchPoint point : points) {
            atTheBeginning(point);
        }
    }

    private void atTheBeginning(PatchPoint point) {
        switch (point.kind()) {
            case BIND_UNIX -> {
                load(Opcodes.ALOAD, 0);
                load(Opcodes.ALOAD, 1);
                hook("bindUnix", "(" + FD + "Ljava/nio/file/Path;)Z");
                returnIf(Opcodes.IFNE);
            }
            case ACCEPT_UNIX -> mayAcceptUnix();
            case CLOSE -> {
                load(Opcodes.ALOAD, 1);
                hook("closing", "(" + FD + ")V");
            }
            case DETACH -> {
                hook("keepsStreams", "()Z");
                returnIf(Opcodes.IFNE);
            }
            case VARIABLE -> variable();
            case NETTY_BIND -> nettyBind();
            case NETTY_LISTEN -> {
                load(Opcodes.ALOAD, 0);
                load(Opcodes.ILOAD, 1);
                hook("nettyBacklog", "(Ljava/lang/Object;I)I");
                load(Opcodes.ISTORE, 1);
            }
            case NETTY_ACCEPT -> nettyAccept();
            case WRITE -> writing();
            case NETTY_WRITE -> nettyWriting();
            case BIND,
                    LISTEN,
                    ACCEPT,
                    BLOCKING,
                    INHERIT,
                    READ,
                    OPEN,
                    NETTY_CLOSE,
                    NETTY_OPEN,
                    NETTY_READ,
                    NETTY_SPLICE -> {
                // At a call or at the end.
                return;
            }
        }
        rewriting.count(point);
    }

    private void mayAcceptUnix() {
        load(Opcodes.ALOAD, 0);
        hook("mayAccept", "(" + FD + ")Z");
        Label goOn = new Label();
        super.visitJumpInsn(Opcodes.IFNE, goOn);
        // IOStatus.UNAVAILABLE, which accept(2) would be turned into.
        super.visitIntInsn(Opcodes.BIPUSH, -2);
        insn(Opcodes.IRETURN);
        super.visitLabel(goOn);
        super.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    }

    private void variable() {
        load(Opcodes.ALOAD, 0);
        hook("variable", "(Ljava/lang/String;)Ljava/lang/String;");
        insn(Opcodes.DUP);
        Label goOn = new Label();
        super.visitJumpInsn(Opcodes.IFNULL, goOn);
        insn(Opcodes.ARETURN);
        super.visitLabel(goOn);
        super.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {"java/lang/String"});
        insn(Opcodes.POP);
    }

    private void nettyBind() {
        load(Opcodes.ALOAD, 0);
        number();
        load(Opcodes.ALOAD, 1);
        hook("nettyBind", "(Ljava/lang/Object;I" + ADDRESS + ")" + ADDRESS);
        insn(Opcodes.DUP);
        load(Opcodes.ASTORE, 1);
        returnIf(Opcodes.IFNULL);
    }

    private void nettyAccept() {
        load(Opcodes.ALOAD, 0);
        load(Opcodes.ALOAD, 1);
        hook("nettyAccept", "(Ljava/lang/Object;[B)I");
        insn(Opcodes.DUP);
        super.visitIntInsn(Opcodes.BIPUSH, Hook.GO_ON);
        Label goOn = new Label();
        super.visitJumpInsn(Opcodes.IF_ICMPEQ, goOn);
        insn(Opcodes.IRETURN);
        super.visitLabel(goOn);
        super.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {Opcodes.INTEGER});
        insn(Opcodes.POP);
    }

    private void writing() {
        load(Opcodes.ALOAD, 1);
        load(Opcodes.LLOAD, 2);
        load(Opcodes.ILOAD, 4);
        traffic(name.equals("writev") ? "writingVector" : "writing", "(" + FD + "JI)V");
    }

    /** Where the bytes are depends on the method; {@code writev} of buffers and {@code sendFile} do not begin an answer of note. */
    private void nettyWriting() {
        number();
        if (descriptor.startsWith("(JII)")) {
            load(Opcodes.LLOAD, 1);
            load(Opcodes.ILOAD, 3);
            load(Opcodes.ILOAD, 4);
            traffic("nettyWriting", "(IJII)V");
        } else if (descriptor.startsWith("(JI)")) {
            load(Opcodes.LLOAD, 1);
            load(Opcodes.ILOAD, 3);
            traffic("nettyWritingVector", "(IJI)V");
        } else if (descriptor.startsWith("(Ljava/nio/ByteBuffer;II)")) {
            load(Opcodes.ALOAD, 1);
            load(Opcodes.ILOAD, 2);
            load(Opcodes.ILOAD, 3);
            traffic("nettyWriting", "(ILjava/nio/ByteBuffer;II)V");
        } else {
            traffic("nettyWriting", "(I)V");
        }
    }

    /** Pushes the descriptor's number of this Netty socket. */
    private void number() {
        load(Opcodes.ALOAD, 0);
        super.visitMethodInsn(Opcodes.INVOKEVIRTUAL, owner, "intValue", "()I", false);
    }

    private void returnIf(int jump) {
        Label goOn = new Label();
        super.visitJumpInsn(opposite(jump), goOn);
        insn(Opcodes.RETURN);
        super.visitLabel(goOn);
        super.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    }

    private static int opposite(int jump) {
        return switch (jump) {
            case Opcodes.IFNE -> Opcodes.IFEQ;
            case Opcodes.IFNULL -> Opcodes.IFNONNULL;
            default -> throw new IllegalArgumentException("no jump of ours: " + jump);
        };
    }

    @Override
    public void visitMethodInsn(int opcode, String callee, String name, String descriptor, boolean isInterface) {
        String target = callee + "." + name + descriptor;
        for (PatchPoint point : points) {
            if (point.target().equals(target)) {
                atTheTarget(point, opcode, callee, name, descriptor);
                rewriting.count(point);
                return;
            }
        }
        boolean own = opcode == Opcodes.INVOKESTATIC && callee.equals(owner);
        if (own && has(PatchPoint.Kind.NETTY_CLOSE) && (name + descriptor).equals("close(I)I")) {
            withNumber("nettyClosing");
            count(PatchPoint.Kind.NETTY_CLOSE);
        }
        super.visitMethodInsn(opcode, callee, name, descriptor, isInterface);
        if (own && has(PatchPoint.Kind.NETTY_ACCEPT) && (name + descriptor).equals("accept(I[B)I")) {
            withNumber("nettyAccepted");
        }
    }

    /** Calls a hook with this Netty object and the number on the stack, which stays there. */
    private void withNumber(String method) {
        insn(Opcodes.DUP);
        load(Opcodes.ALOAD, 0);
        insn(Opcodes.SWAP);
        hook(method, "(Ljava/lang/Object;I)V");
    }

    private boolean has(PatchPoint.Kind kind) {
        for (PatchPoint point : points) {
            if (point.kind() == kind) {
                return true;
            }
        }
        return false;
    }

    private void count(PatchPoint.Kind kind) {
        for (PatchPoint point : points) {
            if (point.kind() == kind) {
                rewriting.count(point);
            }
        }
    }

    private void atTheTarget(PatchPoint point, int opcode, String callee, String name, String descriptor) {
        switch (point.kind()) {
            case LISTEN -> {
                // …, descriptor, backlog → …, descriptor, ours
                insn(Opcodes.DUP2);
                hook("backlog", "(" + FD + "I)I");
                insn(Opcodes.SWAP);
                insn(Opcodes.POP);
                super.visitMethodInsn(opcode, callee, name, descriptor, false);
            }
            case BIND -> hook("bind", descriptor);
            case ACCEPT -> hook("accept", descriptor);
            case BLOCKING -> hook("configureBlocking", descriptor);
            case INHERIT -> hook("inherited", descriptor);
            default -> throw new IllegalArgumentException("no call is rewritten for " + point);
        }
    }

    @Override
    public void visitInsn(int opcode) {
        for (PatchPoint point : points) {
            atTheEnd(point, opcode);
        }
        super.visitInsn(opcode);
    }

    private void atTheEnd(PatchPoint point, int opcode) {
        if (point.kind() == PatchPoint.Kind.READ) {
            read(point, opcode);
        } else if (point.kind() == PatchPoint.Kind.NETTY_READ && opcode == Opcodes.IRETURN) {
            nettyRead();
            rewriting.count(point);
        } else if (point.kind() == PatchPoint.Kind.NETTY_SPLICE && opcode == Opcodes.IRETURN) {
            load(Opcodes.ILOAD, 0);
            load(Opcodes.ILOAD, 3);
            traffic("nettySpliced", "(III)I");
            rewriting.count(point);
        } else if (point.kind() == PatchPoint.Kind.ACCEPT_UNIX && opcode == Opcodes.IRETURN) {
            insn(Opcodes.DUP);
            load(Opcodes.ALOAD, 0);
            insn(Opcodes.SWAP);
            load(Opcodes.ALOAD, 1);
            insn(Opcodes.SWAP);
            hook("accepted", "(" + FD + FD + "I)V");
        } else if (point.kind() == PatchPoint.Kind.OPEN && opcode == Opcodes.RETURN) {
            load(Opcodes.ALOAD, 3);
            load(Opcodes.ILOAD, 4);
            hook("opened", "(" + FD + "Z)V");
            rewriting.count(point);
        } else if (point.kind() == PatchPoint.Kind.NETTY_OPEN && opcode == Opcodes.RETURN) {
            load(Opcodes.ALOAD, 0);
            load(Opcodes.ILOAD, 1);
            hook("nettyOpened", "(Ljava/lang/Object;I)V");
            rewriting.count(point);
        }
    }

    /** What is returned goes through a hook, with the descriptor and where the bytes are. */
    private void read(PatchPoint point, int opcode) {
        if (opcode != Opcodes.LRETURN && opcode != Opcodes.IRETURN) {
            return;
        }
        load(Opcodes.ALOAD, 1);
        if (opcode == Opcodes.LRETURN) {
            traffic("readVector", "(J" + FD + ")J");
        } else {
            load(Opcodes.LLOAD, 2);
            traffic("read", "(I" + FD + "J)I");
        }
        rewriting.count(point);
    }

    private void nettyRead() {
        number();
        if (descriptor.startsWith("(JII)")) {
            load(Opcodes.LLOAD, 1);
            load(Opcodes.ILOAD, 3);
            traffic("nettyRead", "(IIJI)I");
        } else if (descriptor.startsWith("(Ljava/nio/ByteBuffer;II)")) {
            load(Opcodes.ALOAD, 1);
            load(Opcodes.ILOAD, 2);
            traffic("nettyRead", "(IILjava/nio/ByteBuffer;I)I");
        } else {
            traffic("nettyRead", "(II)I");
        }
    }

    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
        super.visitMaxs(maxStack + MORE_STACK, maxLocals);
    }

    private void load(int opcode, int local) {
        super.visitVarInsn(opcode, local);
    }

    private void insn(int opcode) {
        super.visitInsn(opcode);
    }

    private void hook(String method, String descriptor) {
        super.visitMethodInsn(Opcodes.INVOKESTATIC, HOOK, method, descriptor, false);
    }

    private void traffic(String method, String descriptor) {
        super.visitMethodInsn(Opcodes.INVOKESTATIC, TRAFFIC, method, descriptor, false);
    }
}
