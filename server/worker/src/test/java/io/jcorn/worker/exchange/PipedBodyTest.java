package io.jcorn.worker.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import io.jcorn.wire.forwarded.Origin;
import io.jcorn.worker.http.Bytes;
import io.jcorn.worker.http.RequestHead;
import io.jcorn.worker.http.ResponseHead.Framing;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PipedBodyTest {

    private final List<String> calls = new ArrayList<>();

    private final Carrier carrier = new Carrier() {
        @Override
        public Origin origin(RequestHead head) {
            throw new UnsupportedOperationException();
        }

        @Override
        public InetSocketAddress localAddress() {
            throw new UnsupportedOperationException();
        }

        @Override
        public @Nullable SSLSession session() {
            return null;
        }

        @Override
        public boolean keepAlive() {
            return true;
        }

        @Override
        public boolean onEventLoop() {
            return false;
        }

        @Override
        public boolean takesFiles() {
            return false;
        }

        @Override
        public void sendFile(FileChannel file, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ByteBuf buffer(int capacity) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void head(Bytes out, int status, Headers headers, Framing framing, long length, boolean keepAlive) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void send(ByteBuf bytes, Runnable sent) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void interim(Exchange exchange, int status, Headers headers) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void finish(Exchange exchange) {}

        @Override
        public void abort(Exchange exchange) {}

        @Override
        public void askForBody() {
            calls.add("ask");
        }

        @Override
        public void resumeBody() {
            calls.add("resume");
        }
    };

    private final PipedBody body = new PipedBody(carrier, TimeUnit.MILLISECONDS.toNanos(10));

    private boolean take(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return body.take(bytes, 0, bytes.length);
    }

    @Test
    void givesWhatCameAndThenTheEnd() throws IOException {
        take("ab");
        take("c");
        body.end();
        assertThat(body.available()).isEqualTo(2);
        assertThat(body.read()).isEqualTo('a');
        assertThat(body.read(new byte[0], 0, 0)).isZero();
        assertThat(body.readAllBytes()).asString().isEqualTo("bc");
        assertThat(body.read()).isEqualTo(-1);
        assertThat(calls).isEmpty();
    }

    @Test
    void asksOnceAndDoesNotWaitForEver() {
        assertThatThrownBy(body::read)
                .isInstanceOf(BodyFailure.class)
                .hasMessageContaining("nothing of the body for 10 ms");
        assertThatThrownBy(body::read).isInstanceOf(BodyFailure.class);
        assertThat(calls).containsExactly("ask");
    }

    @Test
    void isFullAtTheMarkAndWelcomesMoreBelowTheOther() throws IOException {
        String half = "x".repeat(PipedBody.HIGH / 2);
        assertThat(take(half)).isTrue();
        assertThat(take(half)).isFalse();
        body.readNBytes(PipedBody.HIGH - PipedBody.LOW - 1);
        assertThat(calls).isEmpty();
        body.readNBytes(1000);
        assertThat(calls).containsExactly("resume");
    }

    @Test
    void manySmallPiecesAreAsDearAsFewLargeOnes() {
        int pieces = 1;
        while (take("x")) {
            pieces++;
        }
        assertThat(pieces).isLessThan(PipedBody.HIGH / 64);
    }

    @Test
    void closingForgetsWhatIsUnreadAndWelcomesTheRest() {
        take("x".repeat(PipedBody.HIGH));
        body.close();
        assertThat(calls).containsExactly("resume");
        assertThat(take("more")).isTrue();
        assertThatThrownBy(body::read).isInstanceOf(IOException.class).hasMessage("stream closed");
    }

    @Test
    void aLossIsTheReasonAlsoAfterTheReleaseOfAWholeBody() throws IOException {
        take("abc");
        body.end();
        assertThat(body.read()).isEqualTo('a');
        body.fail(new ConnectionLost("gone"));
        assertThat(body.read()).isEqualTo('b');
        body.release();
        assertThatThrownBy(body::read).isInstanceOf(ConnectionLost.class);
    }
}
