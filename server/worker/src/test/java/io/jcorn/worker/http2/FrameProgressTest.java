package io.jcorn.worker.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FrameProgressTest {

    private final FrameProgress progress = new FrameProgress();
    private long now = 100;

    private void read(byte[] bytes) {
        progress.read(Unpooled.wrappedBuffer(bytes), now);
    }

    private static byte[] frame(int length, int type, int flags, int present) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.writeBytes(new byte[] {0, (byte) (length >> 8), (byte) length, (byte) type, (byte) flags, 0, 0, 0, 1});
        frame.writeBytes(new byte[present]);
        return frame.toByteArray();
    }

    @BeforeEach
    void preface() {
        read(new byte[20]);
        read(new byte[4]);
    }

    @Test
    void aBlockLastsUntilItsEnd() {
        read(frame(3, 1, 4, 3));
        assertThat(progress.blockSince()).isEqualTo(FrameProgress.NONE);
        read(frame(3, 1, 0, 3));
        now = 200;
        read(frame(0, 9, 0, 0));
        assertThat(progress.blockSince()).isEqualTo(100);
        read(frame(2, 9, 4, 1));
        assertThat(progress.blockSince()).isEqualTo(100);
        read(new byte[1]);
        assertThat(progress.blockSince()).isEqualTo(FrameProgress.NONE);
    }

    @Test
    void bytesComeOneByOne() {
        byte[] bytes = frame(5, 1, 4, 5);
        for (int i = 0; i < bytes.length; i++) {
            read(new byte[] {bytes[i]});
            boolean under = i >= 4 && i < bytes.length - 1;
            assertThat(progress.blockSince()).isEqualTo(under ? 100 : FrameProgress.NONE);
        }
    }

    @Test
    void dataIsCountedUntilItsFrameIsComplete() {
        read(frame(1000, 0, 0, 400));
        assertThat(progress.data()).isEqualTo(400);
        read(new byte[599]);
        assertThat(progress.data()).isEqualTo(999);
        read(new byte[1]);
        assertThat(progress.data()).isZero();
        read(frame(1000, 4, 0, 400));
        assertThat(progress.data()).isZero();
    }
}
