package io.jcorn.worker.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.jcorn.wire.Scoreboard;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchPoolTest {

    private final EventLoop loop = new DefaultEventLoop();
    private final ClassLoader loader = new ClassLoader(null) {};
    private final Scoreboard.Row row = Scoreboard.over(
                    ByteBuffer.allocateDirect(Scoreboard.BYTES + 8).alignedSlice(8))
            .row(0);

    @AfterEach
    void end() {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }

    private void submit(BatchPool pool, List<Runnable> batch) throws InterruptedException {
        loop.submit(() -> batch.forEach(pool::submit)).sync();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void runsEverythingOnItsOwnThreads() throws Exception {
        BatchPool pool = new BatchPool(loop, 4, loader, row);
        Set<String> threads = ConcurrentHashMap.newKeySet();
        Set<ClassLoader> loaders = ConcurrentHashMap.newKeySet();
        for (int round = 0; round < 100; round++) {
            CountDownLatch done = new CountDownLatch(20);
            submit(pool, Collections.nCopies(20, () -> {
                threads.add(Thread.currentThread().getName());
                loaders.add(Thread.currentThread().getContextClassLoader());
                done.countDown();
            }));
            await(done);
        }
        assertThat(threads).allMatch(name -> name.startsWith("jcorn-app-")).hasSizeLessThanOrEqualTo(4);
        assertThat(loaders).containsExactly(loader);
    }

    @Test
    void sleepersDoNotHoldUpTheOthers() throws Exception {
        BatchPool pool = new BatchPool(loop, 8, loader, row);
        CountDownLatch wake = new CountDownLatch(1);
        CountDownLatch sleeping = new CountDownLatch(7);
        CountDownLatch done = new CountDownLatch(50);
        List<Runnable> batch = new ArrayList<>(Collections.nCopies(7, () -> {
            sleeping.countDown();
            await(wake);
        }));
        batch.addAll(Collections.nCopies(50, done::countDown));
        submit(pool, batch);
        await(done);
        await(sleeping);
        wake.countDown();
    }

    @Test
    void neverUsesMoreThreadsThanAllowed() throws Exception {
        BatchPool pool = new BatchPool(loop, 3, loader, row);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch full = new CountDownLatch(3);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(30);
        submit(pool, Collections.nCopies(30, () -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            full.countDown();
            await(release);
            inside.decrementAndGet();
            done.countDown();
        }));
        await(full);
        release.countDown();
        await(done);
        assertThat(most.get()).isEqualTo(3);
    }

    @Test
    void survivesWhateverEscapesAndForgetsInterrupts() throws Exception {
        BatchPool pool = new BatchPool(loop, 1, loader, row);
        CountDownLatch done = new CountDownLatch(1);
        List<Boolean> interrupted = new ArrayList<>();
        submit(
                pool,
                List.of(
                        () -> {
                            Thread.currentThread().interrupt();
                            throw new OutOfMemoryError("not really");
                        },
                        () -> {
                            interrupted.add(Thread.currentThread().isInterrupted());
                            done.countDown();
                        }));
        await(done);
        assertThat(interrupted).containsExactly(false);
    }

    /** The numbers stand for what is there, whatever the threads are doing. */
    @Test
    void countsExactlyWhoWaitsAndWhoIsInside() throws Exception {
        BatchPool pool = new BatchPool(loop, 2, loader, row);
        CountDownLatch full = new CountDownLatch(2);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(5);
        Runnable exchange = () -> {
            full.countDown();
            await(release);
            done.countDown();
        };
        submit(pool, Collections.nCopies(5, exchange));
        await(full);
        loop.submit(() -> {
                    assertThat(pool.threads()).isEqualTo(2);
                    assertThat(pool.waiting()).isEqualTo(3);
                    assertThat(pool.unfinished()).isEqualTo(5);
                    assertThat(pool.full()).isTrue();
                })
                .sync();
        release.countDown();
        await(done);
        while (loop.submit(pool::unfinished).get() > 0) {
            Thread.onSpinWait();
        }
        assertThat(loop.submit(pool::waiting).get()).isZero();
        assertThat(loop.submit(pool::full).get()).isFalse();
    }

    @Test
    void whatIsWithdrawnNeverRuns() throws Exception {
        BatchPool pool = new BatchPool(loop, 1, loader, row);
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch last = new CountDownLatch(1);
        AtomicInteger ran = new AtomicInteger();
        Runnable running = () -> {
            began.countDown();
            await(release);
        };
        Runnable unlucky = ran::incrementAndGet;
        submit(pool, List.of(running, unlucky, last::countDown));
        await(began);
        loop.submit(() -> {
                    assertThat(pool.oldest(Runnable.class)).isSameAs(unlucky);
                    assertThat(pool.withdraw(unlucky)).isTrue();
                    assertThat(pool.withdraw(unlucky)).isFalse();
                    assertThat(pool.withdraw(running)).as("a thread has it").isFalse();
                    assertThat(pool.unfinished()).isEqualTo(2);
                })
                .sync();
        release.countDown();
        await(last);
        assertThat(ran.get()).isZero();
    }
}
